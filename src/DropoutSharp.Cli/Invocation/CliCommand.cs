using System.CommandLine;
using System.CommandLine.Invocation;
using DropoutSharp.Torch;

namespace DropoutSharp.Cli.Invocation;

/// <summary>A command of <c>dropout</c>: its options, its examples, and what it runs.</summary>
/// <remarks>
/// The handler runs on the calling thread, without await, because a TorchSharp dispose scope belongs to a thread. It returns an
/// <see cref="ExitCode"/>; a <see cref="Lab.UserErrorException"/> that it throws becomes one line on stderr and exit code 2.
/// </remarks>
internal sealed class CliCommand : Command
{
    /// <summary>A command without options yet.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="description">One or two sentences for the help.</param>
    /// <param name="examples">Whole command lines for the end of the help.</param>
    public CliCommand(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description) => Examples = examples;

    /// <summary>Whole command lines for the end of the help.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Whether libtorch is loaded before the command runs, so that a failure has its true cause; true unless said otherwise.</summary>
    public bool NeedsLibtorch { get; init; } = true;

    /// <summary>Sets what the command runs.</summary>
    /// <param name="handler">Takes the parsed values and the context; returns an <see cref="ExitCode"/>.</param>
    public void Handle(Func<ParseResult, CommandContext, int> handler) => Action = new HandlerAction((parsed, context) =>
    {
        if (NeedsLibtorch)
        {
            LibtorchRuntime.EnsureLoaded();
        }

        return handler(parsed, context);
    });

    /// <summary>Runs a handler with the context that <see cref="DropoutProgram"/> made.</summary>
    /// <param name="handler">Takes the parsed values and the context; returns an <see cref="ExitCode"/>.</param>
    internal sealed class HandlerAction(Func<ParseResult, CommandContext, int> handler) : SynchronousCommandLineAction
    {
        /// <summary>What the program lends to the command; set before it runs.</summary>
        public CommandContext? Context { get; set; }

        /// <inheritdoc/>
        public override int Invoke(ParseResult parseResult) =>
            handler(parseResult, Context ?? throw new InvalidOperationException("A command must be run by DropoutProgram; it was invoked alone."));
    }
}
