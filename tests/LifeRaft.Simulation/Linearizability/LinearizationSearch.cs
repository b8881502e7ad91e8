namespace LifeRaft.Simulation;

/// <summary>
/// Looks for an order of the operations on one register that explains what each of them returned: the algorithm of Wing and Gong
/// with Lowe's memory of configurations that were tried before ("Testing for linearizability", 2017).
/// </summary>
/// <remarks>
/// <para>
/// The lines of the history form a linked list. An operation may come next in the order when it was invoked before the first
/// completion that is still in the list; taking it removes its two lines. When a completion blocks the way, the last choice is undone.
/// </para>
/// <para>
/// Three observations about registers keep the search narrow. A read that returned the present value comes next without an
/// alternative: it changes nothing. A write that nobody observes can stand right before any other write. And a value may be
/// overwritten only when nobody is left who must see it, or somebody who writes it again.
/// </para>
/// </remarks>
internal sealed class LinearizationSearch
{
    private const int Head = 0;
    private const int End = -1;

    private readonly RegisterOperations _operations;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _observersLeft;
    private readonly int[] _writersLeft;
    private readonly UInt128[] _marks;
    private readonly HashSet<(UInt128 Taken, int Value)> _tried = [];
    private readonly Stack<Choice> _choices = [];
    private readonly List<int> _absorbed = [];
    private UInt128 _taken;
    private int _value;
    private int _certainLeft;

    public LinearizationSearch(RegisterOperations operations, int initialValue)
    {
        _operations = operations;
        _value = initialValue;
        var count = operations.All.Count;
        _next = new int[1 + (2 * count)];
        _previous = new int[1 + (2 * count)];
        _observersLeft = new int[operations.ValueCount];
        _writersLeft = new int[operations.ValueCount];
        _marks = new UInt128[count];
        Link();
        for (var i = 0; i < count; i++)
        {
            // Sets of operations are compared by the sum of 128 random bits each: a collision is less likely than a broken memory.
            _marks[i] = new UInt128(Mix((2UL * (ulong)i) + 1), Mix((2UL * (ulong)i) + 2));
            Count(i, 1);
        }
    }

    /// <summary>A choice of the search, to be undone.</summary>
    /// <param name="Operation">What was taken.</param>
    /// <param name="ValueBefore">The value before it.</param>
    /// <param name="Absorbed">How many unobserved writes were taken right before it.</param>
    /// <param name="IsForced">No other choice can succeed where this one failed.</param>
    private readonly record struct Choice(int Operation, int ValueBefore, int Absorbed, bool IsForced);

    /// <summary>Whether there is such an order.</summary>
    public bool Succeeds()
    {
        var after = Head;
        var isUncertainTurn = false;
        while (_certainLeft > 0)
        {
            if (after == Head && !isUncertainTurn && TakeRead())
            {
                continue;
            }

            if (TakeNext(after, isUncertainTurn))
            {
                (after, isUncertainTurn) = (Head, false);
            }
            else if (!isUncertainTurn)
            {
                // What may never have happened is tried last: mostly it is needed only when somebody has seen it.
                (after, isUncertainTurn) = (Head, true);
            }
            else if (UndoLastFree() is { } undone)
            {
                (after, isUncertainTurn) = (CallOf(undone), !_operations.All[undone].IsCertain);
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    private static int CallOf(int operation) => 1 + (2 * operation);

    private static int OperationOf(int node) => (node - 1) / 2;

    private static bool IsCall(int node) => node % 2 == 1;

    private void Link()
    {
        var lines = new List<(int Line, int Node)>();
        for (var i = 0; i < _operations.All.Count; i++)
        {
            lines.Add((_operations.All[i].Invoked, CallOf(i)));
            if (_operations.All[i].IsCertain)
            {
                lines.Add((_operations.All[i].Completed, CallOf(i) + 1));
            }
        }

        lines.Sort();
        var last = Head;
        foreach (var (_, node) in lines)
        {
            _next[last] = node;
            _previous[node] = last;
            last = node;
        }

        _next[last] = End;
    }

    private bool TakeRead()
    {
        for (var node = _next[Head]; node != End && IsCall(node); node = _next[node])
        {
            var operation = OperationOf(node);
            if (_operations.Kinds[operation] == OperationKind.Read && _operations.Values[operation] == _value)
            {
                Take(operation);
                _choices.Push(new Choice(operation, _value, 0, IsForced: true));
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the first possible operation behind the given place; false when a completion, or the end, comes first.</summary>
    private bool TakeNext(int after, bool isUncertain)
    {
        for (var node = _next[after]; node != End && IsCall(node); node = _next[node])
        {
            var operation = OperationOf(node);
            if (_operations.All[operation].IsCertain != isUncertain && IsPossible(operation) && TryTake(operation))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsPossible(int operation) => _operations.Kinds[operation] switch
    {
        OperationKind.Read => false, // Taken already if it could be.
        OperationKind.Write => true,
        _ => _operations.Expected[operation] == _value,
    };

    private bool TryTake(int operation)
    {
        var before = _value;
        var absorbed = _operations.Kinds[operation] == OperationKind.Write ? Absorb(operation) : 0;
        Take(operation);
        _value = _operations.Values[operation];
        var strandsObservers = before != _value && _observersLeft[before] > 0 && _writersLeft[before] == 0;
        var choice = new Choice(operation, before, absorbed, IsForced: false);
        if (strandsObservers || !_tried.Add((_taken, _value)))
        {
            Undo(choice);
            return false;
        }

        _choices.Push(choice);
        return true;
    }

    /// <summary>
    /// Takes the unobserved writes that can stand right before a write. Taking one may bring later ones into reach; the walk ends
    /// at the completion of the write itself at the latest, so all of them had begun by then.
    /// </summary>
    private int Absorb(int except)
    {
        var count = 0;
        for (var node = _next[Head]; node != End && IsCall(node);)
        {
            var operation = OperationOf(node);
            node = _next[node];
            var isUnobserved = _operations.Kinds[operation] == OperationKind.Write && !_operations.IsObserved[_operations.Values[operation]];
            if (operation != except && isUnobserved && _operations.All[operation].IsCertain)
            {
                Take(operation);
                _absorbed.Add(operation);
                count++;
            }
        }

        return count;
    }

    private int? UndoLastFree()
    {
        while (_choices.TryPop(out var choice))
        {
            Undo(choice);
            if (!choice.IsForced)
            {
                return choice.Operation;
            }
        }

        return null;
    }

    private void Undo(Choice choice)
    {
        Return(choice.Operation);
        for (var i = 0; i < choice.Absorbed; i++)
        {
            Return(_absorbed[^1]);
            _absorbed.RemoveAt(_absorbed.Count - 1);
        }

        _value = choice.ValueBefore;
    }

    private void Take(int operation)
    {
        Unlink(CallOf(operation));
        if (_operations.All[operation].IsCertain)
        {
            Unlink(CallOf(operation) + 1);
        }

        _taken ^= _marks[operation];
        Count(operation, -1);
    }

    private void Return(int operation)
    {
        if (_operations.All[operation].IsCertain)
        {
            Relink(CallOf(operation) + 1);
        }

        Relink(CallOf(operation));
        _taken ^= _marks[operation];
        Count(operation, 1);
    }

    private void Count(int operation, int change)
    {
        var isCertain = _operations.All[operation].IsCertain;
        _certainLeft += isCertain ? change : 0;
        var kind = _operations.Kinds[operation];
        if (kind != OperationKind.Write && isCertain)
        {
            _observersLeft[kind == OperationKind.Read ? _operations.Values[operation] : _operations.Expected[operation]] += change;
        }

        if (kind != OperationKind.Read)
        {
            _writersLeft[_operations.Values[operation]] += change;
        }
    }

    private void Unlink(int node)
    {
        _next[_previous[node]] = _next[node];
        if (_next[node] != End)
        {
            _previous[_next[node]] = _previous[node];
        }
    }

    private void Relink(int node)
    {
        _next[_previous[node]] = node;
        if (_next[node] != End)
        {
            _previous[_next[node]] = node;
        }
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            // SplitMix64: the same bits in every run.
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
