namespace LifeRaft.Cli;

/// <summary>
/// The scripts. Each of them asks the tool itself, by the directive <c>[suggest:position]</c> of System.CommandLine, so that it knows what
/// the tool knows. The command line is given to it without the name of the tool.
/// </summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # liferaft: completion for bash. Put 'source <(liferaft completion bash)' into ~/.bashrc.
        _liferaft() {
            local line="${COMP_LINE#"${COMP_WORDS[0]}"}" current="${COMP_WORDS[COMP_CWORD]}" position
            line="${line# }"
            position=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$position]" "$line" 2>/dev/null)" -- "$current"))
        }
        complete -o default -F _liferaft liferaft

        """;

    private const string Zsh = """
        #compdef liferaft
        # liferaft: completion for zsh. Put 'source <(liferaft completion zsh)' into ~/.zshrc, after compinit.
        _liferaft() {
            local line="${BUFFER#"${words[1]}"}"
            line="${line# }"
            local position=$((CURSOR - ${#BUFFER} + ${#line}))
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:$position]" "$line" 2>/dev/null)}")
            compadd -- $found || _files
        }
        compdef _liferaft liferaft

        """;

    private const string Fish = """
        # liferaft: completion for fish. Put 'liferaft completion fish | source' into ~/.config/fish/config.fish.
        function __liferaft_complete
            set -l line (commandline -cp | string replace -r '^\s*\S+ ?' '')
            liferaft "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c liferaft -a '(__liferaft_complete)'

        """;

    private const string Pwsh = """
        # liferaft: completion for PowerShell. Put 'liferaft completion pwsh | Out-String | Invoke-Expression' into $PROFILE.
        Register-ArgumentCompleter -Native -CommandName liferaft -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $name = $commandAst.CommandElements[0].Extent.Text
            $line = $commandAst.Extent.Text.PadRight($cursorPosition - $commandAst.Extent.StartOffset)
            $line = $line.Substring([Math]::Min($name.Length + 1, $line.Length))
            $position = [Math]::Max(0, $cursorPosition - $commandAst.Extent.StartOffset - $name.Length - 1)
            & $name "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;

    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => Pwsh,
    };
}
