namespace DropoutSharp.Lab.Comparison;

/// <summary>The data of a comparison in numbers.</summary>
/// <param name="Name">What the data is called.</param>
/// <param name="Task"><c>classification</c> or <c>regression</c>.</param>
/// <param name="Target">The target column.</param>
/// <param name="Classes">The classes; empty for regression.</param>
/// <param name="TrainRows">Rows learned from.</param>
/// <param name="ValidationRows">Rows that decide when to stop and which rate is best.</param>
/// <param name="TestRows">Held-out rows.</param>
/// <param name="Shape">The shape of one encoded row.</param>
/// <param name="Notes">One sentence each about what was done to the data.</param>
public sealed record DataSummary(
    string Name, string Task, string Target, IReadOnlyList<string> Classes, int TrainRows, int ValidationRows, int TestRows,
    IReadOnlyList<int> Shape, IReadOnlyList<string> Notes);
