using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Pictures;

/// <summary>Pictures of what each variant drops, taken from the modules themselves after one pass in training.</summary>
public static class MaskPictures
{
    /// <summary>What stands for something that is kept.</summary>
    public const char Kept = '█';

    /// <summary>What stands for something that is dropped.</summary>
    public const char Dropped = '·';

    private static readonly (string Variant, string Axes, Func<double, ulong, Tensor> Draw)[] Entries =
    [
        ("Dropout, AlphaDropout", "rows: samples, columns: features", static (rate, seed) => After(new Dropout(rate, seed: seed), 6, 32)),
        ("SpatialDropout2d, FeatureAlphaDropout", "panels: channels of one sample, each a map", static (rate, seed) => After(new SpatialDropout2d(rate, seed: seed), 1, 5, 6, 6)),
        ("DropBlock2d", "panels: channels of one sample, each a map; blocks of 3", static (rate, seed) => After(new DropBlock2d(rate, 3, seed: seed), 1, 4, 9, 9)),
        ("LockedDropout, VariationalLSTM", "panels: two sequences; rows: time, columns: features", static (rate, seed) => After(new LockedDropout(rate, seed: seed), 2, 6, 18)),
        ("BatchwiseDropout", "rows: samples, columns: features", static (rate, seed) => After(new BatchwiseDropout(rate, seed: seed), 6, 32)),
        ("AttentionDropout", "panels: heads; rows: queries, columns: keys", static (rate, seed) => After(new AttentionDropout(rate, seed: seed), 1, 3, 8, 8)),
        ("PatchDropout", "rows: samples, columns: tokens; the first is protected", static (rate, seed) => After(new PatchDropout(rate, 1, seed), 6, 32, 1)),
        ("DropPath, StochasticDepth", "rows: samples, columns: features of the branch", static (rate, seed) => After(new DropPath(rate, seed: seed), 6, 32)),
        ("LayerDrop", "columns: layers", static (rate, seed) => Layers(rate, seed)),
        ("DropConnect, WeightDrop", "rows: outputs, columns: inputs of the weight", static (rate, seed) => Weights(rate, seed)),
        ("EmbeddingDropout", "rows: words, columns: features of the embedding", static (rate, seed) => Words(rate, seed)),
        ("Zoneout", "rows: samples, columns: units; dropped ones keep their old value", static (rate, seed) => States(rate, seed)),
    ];

    /// <summary>The names of the variants that there are pictures of.</summary>
    public static IReadOnlyList<string> Variants { get; } = [.. Entries.Select(static entry => entry.Variant)];

    /// <summary>A picture of every variant.</summary>
    /// <param name="dropRate">The drop rate, in [0, 1].</param>
    /// <param name="seed">The key of the masks.</param>
    public static IReadOnlyList<MaskPicture> Draw(DropRate dropRate, ulong seed)
    {
        using DisposeScope scope = NewDisposeScope();
        return [.. Entries.Select(entry => new MaskPicture(entry.Variant, entry.Axes, Lines(entry.Draw(dropRate.Value, seed))))];
    }

    private static Tensor After(DropoutModule module, params long[] shape)
    {
        using (module)
        {
            module.forward(ones(shape));
            Tensor mask = module.CurrentMask!; // a pass has been made
            return mask.expand(module is PatchDropout ? mask.shape : shape).contiguous();
        }
    }

    private static Tensor Layers(double rate, ulong seed)
    {
        using var chain = new LayerDrop(Enumerable.Range(0, 24).Select(static _ => (nn.Module<Tensor, Tensor>)nn.Identity()), rate, seed);
        chain.forward(ones(1));
        return chain.CurrentMask!.unsqueeze(0); // a pass has been made
    }

    private static Tensor Weights(double rate, ulong seed)
    {
        using var connect = new DropConnect(nn.Linear(32, 8), rate, seed: seed);
        connect.forward(ones(1, 32));
        return connect.CurrentMask!; // a pass has been made
    }

    private static Tensor Words(double rate, ulong seed)
    {
        using var embedding = new EmbeddingDropout(nn.Embedding(8, 24), rate, seed: seed);
        embedding.forward(zeros([1], ScalarType.Int64));
        return embedding.CurrentMask!.expand(8, 24); // a pass has been made
    }

    private static Tensor States(double rate, ulong seed)
    {
        using var zoneout = new Zoneout(rate, seed);
        zoneout.forward(zeros(6, 32), ones(6, 32));
        return zoneout.CurrentMask!; // a pass has been made
    }

    /// <summary>The last two dimensions are a panel; panels of the one before stand side by side.</summary>
    private static List<string> Lines(Tensor mask)
    {
        Tensor panels = mask.dim() == 2 ? mask.unsqueeze(0) : mask.reshape([-1, .. mask.shape[^2..]]);
        (long count, long rows, long columns) = (panels.shape[0], panels.shape[1], panels.shape[2]);
        bool[] kept = panels.contiguous().data<bool>().ToArray();
        List<string> lines = [];
        for (long row = 0; row < rows; row++)
        {
            lines.Add(string.Join("  ", Enumerable.Range(0, (int)count).Select(panel => string.Concat(
                Enumerable.Range(0, (int)columns).Select(column => kept[(((panel * rows) + row) * columns) + column] ? Kept : Dropped)))));
        }

        return lines;
    }
}
