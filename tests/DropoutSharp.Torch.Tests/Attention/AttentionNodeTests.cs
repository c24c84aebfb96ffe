using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Attention;

/// <summary>Attention as one operation against softmax, dropout and products one after the other, with the same masks.</summary>
public sealed class AttentionNodeTests : TensorTests
{
    public enum Mask
    {
        None,
        Causal,
        Bool,
        Padding,
        Float,
    }

    /// <summary>Leading sizes, queries, keys, the width of keys, that of values. The last ones have several blocks of queries.</summary>
    private static readonly (long[] Lead, long Queries, long Keys, long Width, long ValueWidth)[] Shapes =
    [
        ([2, 3], 5, 5, 8, 8), ([2, 3], 4, 7, 8, 3), ([1, 1], 1, 1, 1, 1), ([3], 17, 33, 5, 16), ([], 16, 9, 4, 4), ([2, 2], 1, 40, 16, 16), ([4, 2], 64, 64, 16, 16), ([1, 2], 600, 500, 3, 2), ([1, 2], 300, 700, 2, 3),
    ];

    public static TheoryData<Mask, double> Cases => [.. from mask in Enum.GetValues<Mask>() from rate in (double[])[0, 0.1, 0.5, 1] select (mask, rate)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Attend_OutputAndGradients_AreThoseOfSeparateOperations(Mask kind, double rate)
    {
        foreach ((long[] lead, long queries, long keys, long width, long valueWidth) in Shapes)
        {
            using AttentionDropout attention = new(rate, seed: 11, site: 2), other = new(rate, seed: 11, site: 2);
            Tensor query = Leaf([.. lead, queries, width]), key = Leaf([.. lead, keys, width]), value = Leaf([.. lead, keys, valueWidth]);
            Tensor? mask = MaskOf(kind, lead, queries, keys);
            Tensor weights = randn([.. lead, queries, valueWidth]);
            for (int step = 0; step < 2; step++)
            {
                Tensor fused = attention.Attend(query, key, value, mask, kind == Mask.Causal);
                Tensor[] gradients = Gradients(fused, weights, query, key, value);
                Tensor apart = Apart(() => other.Attend(query, key, value, mask, kind == Mask.Causal));
                Tensor[] expected = Gradients(apart, weights, query, key, value);

                AssertEqual(other.CurrentMask!, attention.CurrentMask!);
                Assert.Equal(other.Position, attention.Position);

                // Sums of up to 700 products of numbers around 1, in another order.
                AssertClose(apart, fused, 1e-5);
                foreach ((Tensor mine, Tensor theirs) in gradients.Zip(expected))
                {
                    AssertClose(theirs, mine, 1e-4);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SelfAttention_OutputAndGradients_AreThoseOfSeparateOperations(bool isCausal)
    {
        foreach ((long rows, long tokens, int heads) in ((long, long, int)[])[(1, 1, 1), (3, 10, 4), (2, 65, 2)])
        {
            using AttentionDropout dropout = new(0.3, seed: 5);
            using var layer = new SelfAttention(16, heads, dropout, isCausal);
            Tensor input = Leaf([rows, tokens, 16]), weights = randn(rows, tokens, 16);
            Tensor[] leaves = [input, .. layer.parameters()];

            MaskStream position = dropout.Position;
            Tensor fused = layer.call(input);
            Tensor[] gradients = Gradients(fused, weights, leaves);
            dropout.Position = position;
            Tensor apart = Apart(() => layer.call(input));
            Tensor[] expected = Gradients(apart, weights, leaves);

            AssertClose(apart, fused, 1e-5);
            foreach ((Tensor mine, Tensor theirs) in gradients.Zip(expected))
            {
                AssertClose(theirs, mine, 1e-4);
            }
        }
    }

    [Fact]
    public void Attend_StridedAndExpandedParts_GiveWhatTheirCopiesGive()
    {
        using var attention = new AttentionDropout(0.4, seed: 3);
        Tensor query = randn(2, 9, 3, 8).transpose(1, 2), key = randn(2, 3, 8, 9).transpose(2, 3), value = randn(2, 1, 9, 6).expand(2, 3, 9, 6);
        Tensor mask = rand(9, 9).gt(0.3).t();
        Tensor strided = At(attention, query, key, value, mask), copied = At(attention, query.contiguous(), key.contiguous(), value.contiguous(), mask.contiguous());
        AssertClose(copied, strided, 1e-6);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float16, 1e-2)]
    [InlineData(ScalarType.BFloat16, 1e-1)]
    public void Attend_OtherTypes_GiveTheSameMasksAndResults(ScalarType type, double tolerance)
    {
        using AttentionDropout attention = new(0.4, seed: 3), other = new(0.4, seed: 3);
        Tensor query = randn(2, 3, 9, 8), key = randn(2, 3, 7, 8), value = randn(2, 3, 7, 6);
        Tensor output = attention.Attend(query.to(type), key.to(type), value.to(type)), expected = other.Attend(query, key, value);
        Assert.Equal(type, output.dtype);
        AssertEqual(other.CurrentMask!, attention.CurrentMask!);
        AssertClose(expected, output.to(ScalarType.Float32), Math.Max(tolerance, 1e-5));
    }

    [Fact]
    public void Attend_MaskOfFloat64OrWithAGradient_IsComputedByLibtorch()
    {
        using AttentionDropout attention = new(0.4, seed: 3), other = new(0.4, seed: 3);
        Tensor query = randn(2, 3, 9, 8), key = randn(2, 3, 7, 8), value = randn(2, 3, 7, 6), bias = randn(9, 7).requires_grad_(true);
        Tensor output = attention.Attend(query, key, value, bias);
        output.sum().backward();
        AssertClose(other.Attend(query, key, value, bias.detach()), output, 1e-5);
        Assert.NotEqual(0, bias.grad!.abs().max().item<float>());
        Assert.Equal(ScalarType.Float64, attention.Attend(query.to(ScalarType.Float64), key.to(ScalarType.Float64), value.to(ScalarType.Float64), bias.detach().to(ScalarType.Float64)).dtype);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attend_GradientOfGradients_IsThatOfSeparateOperations(bool isSelfAttention)
    {
        using AttentionDropout attention = new(0.3, seed: 7);
        using var layer = new SelfAttention(8, 2, attention);
        Tensor input = Leaf([2, 5, 8]), key = Leaf([2, 5, 8]), value = Leaf([2, 5, 4]), mask = rand(5, 5).gt(0.2).logical_or(eye(5).gt(0.5));
        Tensor[] leaves = isSelfAttention ? [input] : [input, key, value];
        MaskStream position = attention.Position;
        Tensor[] mine = Gradients(Penalty(), ones([]), leaves);
        attention.Position = position;
        Tensor[] theirs = Gradients(Apart(Penalty), ones([]), leaves);
        foreach ((Tensor actual, Tensor expected) in mine.Zip(theirs))
        {
            AssertClose(expected, actual, 1e-4);
        }

        Tensor Penalty()
        {
            Tensor output = isSelfAttention ? layer.call(input) : attention.Attend(input, key, value, mask);
            return autograd.grad([output.square().sum()], leaves, retain_graph: true, create_graph: true).Select(static each => each.square().sum()).Aggregate(static (a, b) => a + b);
        }
    }

    [Fact]
    public void Attend_OnlyValuesNeedGradients_GivesThemAlone()
    {
        using var attention = new AttentionDropout(0.3, seed: 7);
        Tensor query = randn(2, 2, 5, 4), key = randn(2, 2, 5, 4), value = Leaf([2, 2, 5, 3]);
        Tensor output = attention.Attend(query, key, value);
        output.sum().backward(retain_graph: true);
        Tensor once = value.grad!.clone();
        output.sum().backward();
        AssertClose(2 * once, value.grad!, 1e-6);
        Assert.Null(query.grad);
    }

    [Fact]
    public void Attend_KeysThatNoQuerySeesHoldNaN_LeaveResultsFinite()
    {
        using var attention = new AttentionDropout(0.3, seed: 7);
        Tensor query = Leaf([1, 2, 5, 4]), key = Leaf([1, 2, 6, 4]), value = Leaf([1, 2, 6, 3]);
        using (no_grad())
        {
            key.narrow(2, 5, 1).fill_(float.NaN);
        }

        Tensor sees = ones([6], ScalarType.Bool);
        sees[5] = false;
        Tensor output = attention.Attend(query, key, value, sees.expand(5, 6));
        Assert.True(output.isfinite().all().item<bool>());
    }

    [Fact]
    public void Attend_ScoreThatIsNaN_ReachesItsQueryAlone()
    {
        using var attention = new AttentionDropout(0.3, seed: 7);
        Tensor query = randn(1, 1, 5, 4);
        query[0, 0, 2, 1] = float.NaN;
        Tensor output = attention.Attend(query, randn(1, 1, 40, 4), randn(1, 1, 40, 3));
        Assert.Equal([false, false, true, false, false], output.isnan().any(-1).flatten().data<bool>().ToArray());
    }

    [Fact]
    public void Attend_SampledFromARowOn_DrawsThatRowsMasks()
    {
        using var attention = new AttentionDropout(0.5, seed: 7);
        attention.eval();
        Tensor query = randn(4, 2, 5, 4), key = randn(4, 2, 6, 4), value = randn(4, 2, 6, 3), whole, part;
        using (attention.Site.Sample(new SiteSampling(new MaskStream(9))))
        {
            whole = attention.Attend(query, key, value);
        }

        using (attention.Site.Sample(new SiteSampling(new MaskStream(9)) { FirstRow = 3 }))
        {
            part = attention.Attend(query.narrow(0, 3, 1), key.narrow(0, 3, 1), value.narrow(0, 3, 1));
        }

        AssertClose(whole.narrow(0, 3, 1), part, 1e-6);
    }

    private static Tensor At(AttentionDropout attention, Tensor query, Tensor key, Tensor value, Tensor mask)
    {
        attention.Position = new MaskStream(4);
        return attention.Attend(query, key, value, mask);
    }

    private static Tensor Leaf(long[] shape) => randn(shape).requires_grad_(true);

    private static Tensor[] Gradients(Tensor output, Tensor weights, params Tensor[] leaves)
    {
        foreach (Tensor leaf in leaves)
        {
            leaf.grad?.zero_();
        }

        (output * weights).sum().backward();
        return [.. leaves.Select(static leaf => leaf.grad!.clone())];
    }

    private static Tensor Apart(Func<Tensor> attend)
    {
        TensorMemory.t_treatAsOtherDevice = true;
        try
        {
            return attend();
        }
        finally
        {
            TensorMemory.t_treatAsOtherDevice = false;
        }
    }

    private static Tensor? MaskOf(Mask kind, long[] lead, long queries, long keys)
    {
        switch (kind)
        {
            case Mask.Bool:
                return rand(queries, keys).gt(0.4); // in small shapes some queries see no key
            case Mask.Padding:
                {
                    long[] shape = [.. lead, queries, keys];
                    Array.Fill(shape, 1, Math.Min(1, lead.Length), shape.Length - 1 - Math.Min(1, lead.Length));
                    return rand(shape).gt(0.2); // the same keys for all heads and queries of a sample
                }

            case Mask.Float:
                return randn([.. lead, queries, 1]) + randn(keys);
            default:
                return null;
        }
    }
}
