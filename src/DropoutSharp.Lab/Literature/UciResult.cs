namespace DropoutSharp.Lab.Literature;

/// <summary>What a recipe reached on a set, beside what was published.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Rmse">The mean root mean squared error over the splits, in the target's unit.</param>
/// <param name="RmseSe">Its standard error over the splits.</param>
/// <param name="Ll">The mean test log-likelihood over the splits, in nats a row.</param>
/// <param name="LlSe">Its standard error over the splits.</param>
/// <param name="PublishedRmse">The published RMSE.</param>
/// <param name="PublishedLl">The published log-likelihood.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record UciResult(
    string Set, double Rmse, double RmseSe, double Ll, double LlSe, double PublishedRmse, double PublishedLl, double Seconds);
