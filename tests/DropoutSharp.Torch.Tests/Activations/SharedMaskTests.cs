using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Activations;

/// <summary>The variants that differ from <see cref="Dropout"/> in what shares a draw.</summary>
public sealed class SharedMaskTests : TensorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Locked_Sequence_HasOneMaskOverTime(bool batchFirst)
    {
        using var layer = new LockedDropout(0.4, batchFirst, seed: 1);
        Tensor output = layer.forward(batchFirst ? ones(60, 7, 50) : ones(7, 60, 50));
        Tensor time = batchFirst ? output : output.transpose(0, 1);
        AssertEqual(time.narrow(1, 0, 1).expand_as(time), time);
        Assert.InRange(KeptShare(output), 0.6 - FiveSigma(0.6, 3000), 0.6 + FiveSigma(0.6, 3000));
    }

    [Fact]
    public void Locked_TimeFirst_HasTheMaskOfBatchFirst()
    {
        using LockedDropout batch = new(0.4, seed: 1), time = new(0.4, batchFirst: false, seed: 1);
        Tensor input = randn(4, 5, 6);
        AssertEqual(batch.forward(input), time.forward(input.transpose(0, 1)).transpose(0, 1));
        using (batch.Site.Sample(new SiteSampling(new MaskStream(3), FirstRow: 2)))
        using (time.Site.Sample(new SiteSampling(new MaskStream(3))))
        {
            AssertEqual(time.forward(ones(5, 4, 6)).transpose(0, 1)[2..], batch.forward(ones(2, 5, 6)));
        }
    }

    [Fact]
    public void Batchwise_Rows_LoseTheSameFeatures()
    {
        using var layer = new BatchwiseDropout(0.5, seed: 1);
        Tensor output = layer.forward(ones(32, 2000));
        AssertEqual(output[0].expand_as(output), output);
        Assert.InRange(KeptShare(output), 0.5 - FiveSigma(0.5, 2000), 0.5 + FiveSigma(0.5, 2000));
        Assert.Equal([1, 2000], layer.CurrentMask!.shape);
    }

    [Fact]
    public void Batchwise_Channels_LoseTheSameMaps()
    {
        using var layer = new BatchwiseDropout(0.5, featureDimension: 1, seed: 1);
        Tensor output = layer.forward(ones(3, 64, 4, 4));
        Assert.Equal([1, 64, 1, 1], layer.CurrentMask!.shape);
        AssertEqual(output.narrow(0, 0, 1).narrow(2, 0, 1).narrow(3, 0, 1).expand_as(output), output);
        Assert.Throws<ArgumentException>(() => layer.forward(ones(4)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchwiseDropout(0.5, featureDimension: 0));
    }

    [Fact]
    public void FeatureAlpha_UnitNormal_KeepsMeanAndVariance()
    {
        const int Maps = 40_000;
        using var layer = new FeatureAlphaDropout(0.3, seed: 1);
        Tensor output = layer.forward(randn([Maps / 10, 10, 5], ScalarType.Float64));
        Tensor perMap = output.reshape(Maps, 5);
        double mean = output.mean().item<double>(), second = output.square().mean().item<double>();

        // Maps are independent; the spread of what is averaged is taken from the sample.
        Assert.InRange(mean, -5 * Deviation(perMap.mean([1])), 5 * Deviation(perMap.mean([1])));
        Assert.InRange(second, 1 - (5 * Deviation(perMap.square().mean([1]))), 1 + (5 * Deviation(perMap.square().mean([1]))));

        double Deviation(Tensor values) => values.std().item<double>() / Math.Sqrt(Maps);
    }

    [Fact]
    public void FeatureAlpha_Maps_AreDroppedWholeToOneValue()
    {
        using var layer = new FeatureAlphaDropout(0.3, seed: 1);
        Tensor input = randn(20, 10, 5, 5), output = layer.forward(input);
        var affine = new AlphaAffine(0.3);
        Tensor mask = layer.CurrentMask!;
        Assert.Equal([20, 10, 1, 1], mask.shape);
        AssertClose(where(mask, (input * affine.Scale) + affine.Shift, full_like(input, affine.Dropped)), output, 1e-6);
        AssertEqual(output, DropoutFunctional.feature_alpha_dropout(input, 0.3, new MaskStream(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureAlphaDropout(1));
    }

    [Fact]
    public void DropPath_Rows_AreDroppedWhole()
    {
        using DropPath rows = new(0.3, seed: 1), batch = new(0.3, wholeBatch: true, seed: 1);
        Tensor output = rows.forward(ones(3000, 2, 3));
        AssertEqual(output.narrow(1, 0, 1).narrow(2, 0, 1).expand_as(output), output);
        Assert.InRange(KeptShare(output), 0.7 - FiveSigma(0.7, 3000), 0.7 + FiveSigma(0.7, 3000));
        Assert.Equal([1, 1, 1], Masked(batch, ones(30, 2, 3)).shape);
        AssertEqual(rows.forward(ones(5, 2), new MaskStream(9)), DropoutFunctional.drop_path(ones(5, 2), 0.3, new MaskStream(9)));
        AssertEqual(
            batch.forward(ones(5, 2), new MaskStream(9)),
            DropoutFunctional.stochastic_depth(ones(5, 2), 0.3, StochasticDepthMode.Batch, new MaskStream(9)));
        Assert.Throws<ArgumentException>(() =>
            DropoutFunctional.stochastic_depth(ones(5, 2), 0.3, StochasticDepthMode.Subset, new MaskStream(9)));
    }

    [Fact]
    public void DropPath_WithoutAScale_LeavesKeptRowsAsTheyAre()
    {
        using DropPath unscaled = new(0.3, scaling: Scaling.None, seed: 1), inverted = new(0.3, seed: 1);
        Tensor input = randn([3000, 2], ScalarType.Float64), output = unscaled.forward(input);
        AssertEqual(where(unscaled.CurrentMask!, input, zeros_like(input)), output);
        AssertClose(inverted.forward(input) * 0.7, output, 1e-15);
        AssertEqual(output, DropoutFunctional.drop_path(input, 0.3, new MaskStream(1), scaleByKeep: false));
        unscaled.eval();
        AssertEqual(input, unscaled.forward(input));
    }

    [Fact]
    public void Scaling_OfVariantsThatKeepTheExpectation_IsNeverNone()
    {
        Assert.Contains("received None", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(0.5, scaling: Scaling.None)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpatialDropout2d(0.5, scaling: Scaling.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropPath(0.5, scaling: (Scaling)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbeddingDropout(nn.Embedding(3, 2), 0.5, Scaling.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DropConnect(nn.Linear(2, 2), 0.5, new DropConnectOptions { Scaling = Scaling.None }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WeightDropLSTM(nn.LSTM(2, 2), 0.5, Scaling.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Attend_QueryThatSeesNoKey_Gives0AsInEvaluationAndFiniteGradients(bool isBool)
    {
        using var attention = new AttentionDropout(0.4, seed: 1);
        Tensor Part() => randn([2, 3, 4, 5], ScalarType.Float64, requires_grad: true);
        Tensor query = Part(), key = Part(), value = Part();
        Tensor sees = ones([4, 4], ScalarType.Bool).tril();
        sees[2] = false;
        Tensor mask = isBool ? sees : zeros([4, 4], ScalarType.Float64).masked_fill(sees.logical_not(), double.NegativeInfinity);

        Tensor trained = attention.Attend(query, key, value, mask);
        trained.sum().backward();
        attention.eval();
        Tensor evaluated = attention.Attend(query, key, value, mask);

        foreach (Tensor output in new[] { trained, evaluated })
        {
            Assert.True(output.isfinite().all().item<bool>());
            Assert.Equal(0, output.select(2, 2).abs().max().item<double>());
            Assert.NotEqual(0, output.select(2, 3).abs().max().item<double>());
        }

        foreach (Tensor part in new[] { query, key, value })
        {
            Assert.True(part.grad!.isfinite().all().item<bool>());
        }

        attention.train();
        attention.DropRate = 0;
        Assert.True(attention.Attend(query, key, value, mask).allclose(evaluated, 1e-10, 1e-12));
    }

    [Fact]
    public void Attend_Training_IsSoftmaxDropoutAndProduct()
    {
        using var layer = new AttentionDropout(0.3, seed: 1);
        Tensor query = randn(2, 3, 5, 8), key = randn(2, 3, 6, 8), value = randn(2, 3, 6, 4);
        Tensor output = layer.Attend(query, key, value);
        Tensor weights = (query.matmul(key.transpose(-2, -1)) / Math.Sqrt(8)).softmax(-1);
        AssertClose(where(layer.CurrentMask!, weights / 0.7, zeros_like(weights)).matmul(value), output, 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attend_Evaluation_DropsNothing(bool isCausal)
    {
        using var layer = new AttentionDropout(0.9, seed: 1);
        using var classic = new AttentionDropout(0, scaling: Scaling.AtInference);
        layer.eval();
        Tensor query = randn(2, 3, 5, 8), key = randn(2, 3, 5, 8), value = randn(2, 3, 5, 4);
        Tensor mask = ones([5, 5], ScalarType.Bool).tril();
        Tensor native = layer.Attend(query, key, value, isCausal: isCausal);

        AssertClose(native, layer.Attend(query, key, value, isCausal: isCausal, scale: 1 / Math.Sqrt(8)), 1e-5);
        AssertClose(native, layer.Attend(query, key, value, isCausal ? mask : null), 1e-5);
        AssertClose(native, classic.Attend(query, key, value, isCausal: isCausal), 1e-5);
        Assert.Throws<ArgumentException>(() => layer.Attend(query, key, value, mask, isCausal: true));
    }

    private static Tensor Masked(DropoutModule layer, Tensor input)
    {
        layer.forward(input);
        return layer.CurrentMask!;
    }
}
