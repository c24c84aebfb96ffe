using System.Globalization;
using System.Text.Json.Serialization;

namespace DropoutSharp.Lab.Networks;

/// <summary>Which network is built.</summary>
public sealed record NetworkOptions
{
    /// <summary>The network's identifier in <see cref="NetworkCatalog"/>, such as <c>mlp</c> or <c>cnn</c>; null for the one that suits the rows.</summary>
    public string? Kind { get; init; }

    /// <summary>The widths of the hidden dense layers, first to last; null for the network's own.</summary>
    public IReadOnlyList<int>? HiddenSizes { get; init; }

    /// <summary>The number of feature maps of each convolution, first to last; null for the network's own.</summary>
    public IReadOnlyList<int>? Channels { get; init; }

    /// <summary>What follows each hidden layer.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>What normalises each hidden layer of a network that does not do so by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Normalization Norm { get; init; }

    /// <summary>The drop rate of the network's inputs where a variant with a rate above 0 is used, in [0, 1).</summary>
    public double InputDropRate { get; init; }

    /// <summary>What the rate is multiplied with where a variant acts on feature maps of convolutions, in [0, 1].</summary>
    /// <remarks>Neighbouring cells of a map share most of their information and a map has few weights, so that convolutions need less dropout.</remarks>
    public double FeatureMapRateShare { get; init; } = 0.25;

    /// <summary>Checks every option.</summary>
    /// <exception cref="UserErrorException">An option is out of its range; the message names it, its range and what was received.</exception>
    public void Check()
    {
        if (Kind is not null)
        {
            NetworkCatalog.Find(Kind);
        }

        CheckSizes("Hidden sizes", HiddenSizes);
        CheckSizes("Channels", Channels);
        Require(InputDropRate is >= 0 and < 1, "Input drop rate must be in [0, 1)", InputDropRate);
        Require(FeatureMapRateShare is >= 0 and <= 1, "Feature map rate share must be in [0, 1]", FeatureMapRateShare);
    }

    private static void CheckSizes(string what, IReadOnlyList<int>? sizes)
    {
        foreach (int size in sizes ?? [])
        {
            Require(size >= 1, $"{what} must be at least 1", size);
        }
    }

    private static void Require(bool holds, string rule, double received)
    {
        if (!holds)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture, $"{rule}; received {received}."));
        }
    }
}
