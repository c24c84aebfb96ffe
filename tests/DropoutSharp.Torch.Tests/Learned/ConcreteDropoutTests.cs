using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Learned;

public sealed class ConcreteDropoutTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Regularizer_OfALayer_IsThePapersFormula()
    {
        ConcreteDropout dropout = new(nn.Linear(20, 3), new(InitialRate: 0.3), seed: 1);
        double squares = dropout.parameters().Single(p => p.dim() == 2).square().sum().item<float>();
        double entropy = (0.3 * Math.Log(0.3)) + (0.7 * Math.Log(0.7));
        using Tensor value = dropout.Regularizer(0.5, 0.25);

        Assert.Equal((0.5 * squares / 0.7) + (0.25 * 20 * entropy), value.item<float>(), 1e-4);

        // Halved, with λ = ℓ²/N and δ = 2/N, it is what the model's regulariser adds to a mean negative log-likelihood.
        using Tensor expected = dropout.Regularizer(0.04 / 100, 2.0 / 100);
        using Tensor ofModel = LearnedRegularizer.Of(nn.Sequential(("a", dropout)), dataSize: 100, lengthScale: 0.2);
        Assert.Equal(expected.item<float>() / 2, ofModel.item<float>(), 1e-5);
        using Tensor half = LearnedRegularizer.Of(dropout, 100, 0.2, warmUp: 0.5);
        Assert.Equal(expected.item<float>() / 4, half.item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Forward_InTraining_DropsTheRatesShare(double rate)
    {
        ConcreteDropout dropout = new(new ConcreteDropoutOptions(rate, InputUnits: 1), seed: 1);
        dropout.train();
        const int Count = 100_000;
        Tensor kept = dropout.call(ones(Count)) * (1 - rate);

        // The soft mask crosses ½ where the uniform crosses the rate: exactly a Bernoulli event.
        double share = kept.lt(0.5).to(ScalarType.Float64).mean().item<double>();
        Assert.Equal(rate, share, 5 * Math.Sqrt(rate * (1 - rate) / Count));
        Assert.True(kept.ge(0).all().item<bool>() && kept.le(1.0001).all().item<bool>());
    }

    [Fact]
    public void Forward_InEvaluation_IsTheLayerAlone()
    {
        nn.Module<Tensor, Tensor> layer = nn.Linear(4, 2);
        ConcreteDropout dropout = new(layer);
        Tensor x = rand(3, 4);
        dropout.eval();

        Assert.True(dropout.call(x).equal(layer.call(x)).all().item<bool>());
        dropout.train();
        Assert.False(dropout.call(x).equal(dropout.call(x)).all().item<bool>());
    }

    [Fact]
    public void Forward_InTraining_GivesTheRateAGradient()
    {
        ConcreteDropout dropout = new(new ConcreteDropoutOptions(0.3, InputUnits: 10), seed: 1);
        dropout.train();
        TorchSharp.Modules.Parameter logit = dropout.parameters().Single();
        MaskStream position = dropout.Site.Position;
        dropout.call(ones(50, 10, ScalarType.Float64)).square().sum().backward();
        double gradient = logit.grad!.item<float>(), before = logit.item<float>();

        // Central differences at the same noise.
        const float Step = 1e-3f;
        double up = At(Step), down = At(-Step);
        Assert.Equal((up - down) / (2 * Step), gradient, 1e-2 * Math.Abs(gradient));

        double At(float step)
        {
            using IDisposable noGradient = no_grad();
            logit.fill_((float)before + step);
            dropout.Site.Position = position;
            return dropout.call(ones(50, 10, ScalarType.Float64)).square().sum().item<double>();
        }
    }

    [Fact]
    public void Forward_Spatial_TreatsAChannelAsOne()
    {
        ConcreteDropout dropout = new(nn.Conv2d(3, 3, 1), new(InitialRate: 0.5, IsSpatial: true), seed: 1);
        ConcreteDropout alone = new(new ConcreteDropoutOptions(0.5, IsSpatial: true, InputUnits: 3), seed: 1);
        alone.train();
        Tensor y = alone.call(ones(4, 3, 5, 5));

        Assert.True(y.eq(y[TensorIndex.Ellipsis, ..1, ..1]).all().item<bool>());
        Assert.Equal(12, y[TensorIndex.Ellipsis, 0, 0].flatten().data<float>().ToArray().Distinct().Count());
        Assert.StartsWith("Spatial input must be", Assert.Throws<ArgumentException>(() => dropout.call(ones(3, 3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Freeze_OfAModel_IsPlainDropoutAtTheLearnedRate()
    {
        ConcreteDropout dropout = new(nn.Linear(50, 2), new(InitialRate: 0.25), seed: 4);
        nn.Module<Tensor, Tensor> model = nn.Sequential(("a", nn.Sequential(("b", dropout))));
        (string path, double rate) = Assert.Single(LearnedDropout.Rates(model));

        Assert.Equal("a.b", path);
        Assert.Equal(0.25, rate, 1e-6);
        Assert.Equal(1, LearnedDropout.Freeze(model));
        Assert.Equal(0, LearnedDropout.Freeze(model));
        Assert.True(dropout.IsFrozen);
        using Tensor price = LearnedRegularizer.Of(model, 10);
        Assert.Equal(0, price.item<float>());

        // The same position gives the same mask in the frozen module and in the plain one.
        nn.Module<Tensor, Tensor> plain = dropout.ToDropout();
        plain.train();
        dropout.train();
        Dropout inner = (Dropout)plain.named_children().First().module;
        inner.Position = dropout.Site.Position;
        Tensor x = rand(6, 50);
        Assert.True(plain.call(x).equal(dropout.call(x)).all().item<bool>());
    }

    [Fact]
    public void McDropout_OfConcreteDropout_IsRepeatableAndLeavesItsPosition()
    {
        ConcreteDropout dropout = new(nn.Linear(8, 1), new(InitialRate: 0.4), seed: 4);
        McDropout passes = new(dropout);
        float[] first = [.. passes.Stream(ones(3, 8), new(Passes: 2)).SelectMany(y => y.data<float>().ToArray())];

        Assert.Equal(first, passes.Stream(ones(3, 8), new(Passes: 2)).SelectMany(y => y.data<float>().ToArray()));
        Assert.Equal(6, first.Distinct().Count());
        Assert.Equal(0u, dropout.Site.Position.Step);
        float[] shared = [.. passes.Stream(ones(3, 8), new(Passes: 2, IsSharedByRows: true)).SelectMany(y => y.data<float>().ToArray())];
        Assert.Equal(2, shared.Distinct().Count());
        Assert.Equal(0.4, Assert.Single(passes.Sites).DropRate, 1e-6);
    }

    [Fact]
    public void StateDict_RoundTrip_GoesOnWithRateAndNoise()
    {
        ConcreteDropout from = new(nn.Linear(8, 1), new(InitialRate: 0.4), seed: 4), to = new(nn.Linear(8, 1), new(InitialRate: 0.1), seed: 5);
        from.train();
        to.train();
        from.call(ones(2, 8));
        to.load_state_dict(from.state_dict());

        Assert.Equal(from.DropRate, to.DropRate);
        Assert.True(from.call(ones(2, 8)).equal(to.call(ones(2, 8))).all().item<bool>());
    }

    [Fact]
    public void ConcreteDropout_Misuse_SaysWhatMustBe()
    {
        Assert.StartsWith(
            "The initial drop rate must be above 0 and below 1; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new ConcreteDropout(nn.Linear(1, 1), new(InitialRate: 0))).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The number of input units must be given for a layer that is no Linear and no Conv1d to Conv3d; received ReLU without it.",
            Assert.Throws<ArgumentException>(() => new ConcreteDropout(nn.ReLU())).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The data size must be at least 1; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => LearnedRegularizer.Of(nn.ReLU(), 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The prior length scale must be positive and finite; received 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => LearnedRegularizer.Of(nn.ReLU(), 1, 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "The warm-up must be in [0, 1]; received NaN.",
            Assert.Throws<ArgumentOutOfRangeException>(() => LearnedRegularizer.Of(nn.ReLU(), 1, 1, double.NaN)).Message, StringComparison.Ordinal);
        Assert.Equal([0, 0.25, 1, 1], ((long[])[0, 1, 4, 9]).Select(step => LearnedWarmUp.Linear(step, 4)));
        Assert.Equal(1, LearnedWarmUp.Linear(0, 0));
    }
}
