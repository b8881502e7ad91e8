namespace LifeRaft.Simulation;

/// <summary>
/// The operations on one register, prepared for a search: values are numbers, and uncertain operations that nobody can have seen
/// are gone. A write that nobody observes can be taken out of any valid order, which stays valid; so one that may not have
/// happened need not.
/// </summary>
internal sealed class RegisterOperations
{
    private readonly Dictionary<string, int> _numbers = [];

    public RegisterOperations(IEnumerable<Operation> operations)
    {
        All = WithoutUnseen([.. operations]);
        Kinds = [.. All.Select(operation => operation.Kind)];
        Values = [.. All.Select(operation => Number(operation.Value))];
        Expected = [.. All.Select(operation => operation.Kind == OperationKind.CompareAndSwap ? Number(operation.Expected) : Null)];
        IsObserved = new bool[_numbers.Count + 1];
        for (var i = 0; i < All.Count; i++)
        {
            if (Kinds[i] != OperationKind.Write)
            {
                IsObserved[Kinds[i] == OperationKind.Read ? Values[i] : Expected[i]] = true;
            }
        }
    }

    /// <summary>The number of the value that says that the register does not exist.</summary>
    public const int Null = 0;

    public IReadOnlyList<Operation> All { get; }

    public OperationKind[] Kinds { get; }

    public int[] Values { get; }

    public int[] Expected { get; }

    /// <summary>By value: whether some operation depends on the register having it.</summary>
    public bool[] IsObserved { get; }

    public int ValueCount => _numbers.Count + 1;

    private int Number(string? value)
    {
        if (value is null)
        {
            return Null;
        }

        if (!_numbers.TryGetValue(value, out var number))
        {
            number = _numbers.Count + 1;
            _numbers.Add(value, number);
        }

        return number;
    }

    private static List<Operation> WithoutUnseen(List<Operation> operations)
    {
        while (true)
        {
            // An operation does not observe itself, but one that swaps a value for itself changes nothing either way.
            var observed = operations
                .Where(operation => operation.Kind != OperationKind.Write)
                .Select(operation => (operation.Kind == OperationKind.Read ? operation.Value : operation.Expected) ?? "null")
                .ToHashSet();
            if (operations.RemoveAll(operation => !operation.IsCertain && !observed.Contains(operation.Value ?? "null")) == 0)
            {
                return operations;
            }
        }
    }
}
