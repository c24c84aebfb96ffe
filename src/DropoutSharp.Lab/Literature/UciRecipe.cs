namespace DropoutSharp.Lab.Literature;

/// <summary>How the literature's table is made.</summary>
public enum UciRecipe
{
    /// <summary>Gal and Ghahramani's table of 2016: one hidden layer of 50 units, batches of 32, 400 epochs, the published rate, τ and length scale a set.</summary>
    Paper,

    /// <summary>The same authors' longer runs: batches of 128, 4,000 epochs.</summary>
    Long,

    /// <summary>The same authors' later protocol: rate and τ found for each split on a fifth of its training rows, then trained on all of them; 4,000 epochs.</summary>
    Grid,

    /// <summary>This project's own: committees of networks, rate and noise learned from out-of-fold predictions on training rows.</summary>
    Best,
}
