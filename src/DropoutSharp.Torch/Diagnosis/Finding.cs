namespace DropoutSharp.Torch;

/// <summary>Something that <see cref="ModelInspector"/> noticed about the dropout of a model.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Rule">The rule's name, such as <c>dropout-before-batchnorm</c>; see <see cref="FindingRules"/>.</param>
/// <param name="Path">The dropout site's path.</param>
/// <param name="Message">What was found, with its size.</param>
/// <param name="Advice">What to do; empty where nothing needs to be done.</param>
public sealed record Finding(FindingSeverity Severity, string Rule, string Path, string Message, string Advice);
