namespace DropoutSharp.Lab.Distillation;

/// <summary>An ensemble that was distilled, and how near it comes to its teacher.</summary>
/// <param name="Folder">Where it lies.</param>
/// <param name="Passes">The sub-networks: passes of the seed.</param>
/// <param name="Rows">How many rows it was judged on, none of them among those that chose and taught it.</param>
/// <param name="Measure"><c>kl</c> for classes: the mean divergence of the teacher's probabilities, in nats; <c>rmse</c> for numbers: the difference of the means, in the target's unit.</param>
/// <param name="WeightScaling">That of the network without dropout, the one pass that is usually served instead of the Monte-Carlo mean.</param>
/// <param name="FirstMembers">That of as many sub-networks taken as they come.</param>
/// <param name="Chosen">That of those that were chosen.</param>
/// <param name="Distilled">That of the ensemble that was saved, after it has learned.</param>
/// <param name="Score">The ensemble's score on those rows where they have targets: <c>accuracy</c> or <c>rmse</c>; null otherwise.</param>
/// <param name="TeacherScore">The teacher's.</param>
/// <param name="Parameters">Numbers in the ensemble.</param>
/// <param name="NetworkParameters">Numbers in the whole network.</param>
public sealed record DistilledModel(
    string Folder, IReadOnlyList<int> Passes, int Rows, string Measure, double WeightScaling, double FirstMembers, double Chosen, double Distilled,
    double? Score, double? TeacherScore, long Parameters, long NetworkParameters);
