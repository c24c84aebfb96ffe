namespace DropoutSharp.Lab.Literature;

/// <summary>A division of a set's rows into rows to learn from and rows to judge by.</summary>
/// <param name="Train">The numbers of the training rows.</param>
/// <param name="Test">The numbers of the test rows.</param>
public sealed record UciSplit(IReadOnlyList<int> Train, IReadOnlyList<int> Test);
