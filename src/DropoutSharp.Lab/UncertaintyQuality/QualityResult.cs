namespace DropoutSharp.Lab.UncertaintyQuality;

/// <summary>How good a model's uncertainty is.</summary>
public sealed record QualityResult
{
    /// <summary>The model's folder.</summary>
    public required string Model { get; init; }

    /// <summary>What the rows were called.</summary>
    public required string Data { get; init; }

    /// <summary><c>classification</c> or <c>regression</c>.</summary>
    public required string Task { get; init; }

    /// <summary>How many rows were judged.</summary>
    public required int Rows { get; init; }

    /// <summary>How many Monte-Carlo passes were run.</summary>
    public required int Passes { get; init; }

    /// <summary>Scores of weight scaling: dropout off.</summary>
    /// <remarks>
    /// Classification: <c>accuracy, nll, brier, ece</c> (equal width), <c>ece_mass</c> (equal mass), <c>mce, aurc</c>; regression: <c>rmse, mae, nll, crps, ece</c> (of central intervals), <c>aurc</c>.
    /// </remarks>
    public required IReadOnlyDictionary<string, double> Plain { get; init; }

    /// <summary>The same scores of the Monte-Carlo mean.</summary>
    public required IReadOnlyDictionary<string, double> MonteCarlo { get; init; }

    /// <summary>Negative log-likelihood and accuracy or RMSE of the first passes.</summary>
    public required IReadOnlyList<PassPoint> ByPasses { get; init; }

    /// <summary>The fewest passes, of those measured, from which on Monte-Carlo has the better log-likelihood; null where it never has.</summary>
    public required int? PaysFrom { get; init; }

    /// <summary>Coverage at several levels: the model's own and with a conformal guarantee.</summary>
    public required IReadOnlyList<LevelCoverage> Coverage { get; init; }

    /// <summary>Detection of the foreign data; empty where none were given.</summary>
    public required IReadOnlyList<Detection> Foreign { get; init; }

    /// <summary>What the foreign rows were called; null where none were given.</summary>
    public required string? ForeignData { get; init; }

    /// <summary>Why passes may say nothing, or null.</summary>
    public required string? Warning { get; init; }

    /// <summary>How the passes were computed, in one line.</summary>
    public string? Execution { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The figures of the pictures.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public QualityPictures Pictures { get; init; } = new([], [], [], [], [], []);
}
