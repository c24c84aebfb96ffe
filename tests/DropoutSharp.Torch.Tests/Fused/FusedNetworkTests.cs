using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Fused;

/// <summary>Networks that fuse against the same networks that do not.</summary>
public sealed class FusedNetworkTests : TensorTests
{
    [Fact]
    public void FusedNetwork_TrainingSteps_AreThoseOfTheModelByItself()
    {
        nn.Module<Tensor, Tensor> plain = Model(), wrapped = Model();
        Copy(plain, wrapped);
        using FusedNetwork fused = new(wrapped);
        Tensor x = randn(32, 20);
        optim.Optimizer first = optim.SGD(plain.parameters(), 0.1), second = optim.SGD(fused.parameters(), 0.1);
        for (int step = 0; step < 5; step++)
        {
            Tensor loss = plain.call(x).square().mean(), other = fused.call(x).square().mean();
            AssertClose(loss, other, 1e-5);
            first.zero_grad();
            second.zero_grad();
            loss.backward();
            other.backward();
            first.step();
            second.step();
        }

        Assert.All(plain.parameters().Zip(wrapped.parameters()), static pair => AssertClose(pair.First, pair.Second, 1e-5));
        Assert.All(Drops(plain).Zip(Drops(wrapped)), static pair =>
        {
            Assert.Equal(pair.First.Position, pair.Second.Position);
            AssertEqual(pair.First.CurrentMask!, pair.Second.CurrentMask!);
        });
    }

    [Fact]
    public void FusedNetwork_ReluNetwork_GivesTheSameBitsAsTheModelByItself()
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), new Dropout(0.5, seed: 1), nn.Linear(64, 3));
        using FusedNetwork fused = new(model);
        Tensor x = randn(16, 20);
        Dropout dropout = Drops(model).Single();
        MaskStream position = dropout.Position;
        Tensor expected = model.call(x);
        dropout.Position = position;
        AssertEqual(expected, fused.call(x));
        fused.eval();
        AssertEqual(model.call(x), fused.call(x));
    }

    /// <summary>What a product or a convolution gives is overwritten where nobody needs it: with a graph and without, in each place, twice in a row.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FusedNetwork_ResultsThatAreOverwritten_GiveTheBitsOfTheModelByItself(bool graph)
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding: 1), nn.ReLU(), new Dropout(0.4, seed: 1),
            nn.Conv2d(8, 8, 3, padding: 1), nn.BatchNorm2d(8, track_running_stats: false), nn.ReLU(), new Dropout(0.4, seed: 2),
            nn.MaxPool2d(2), new Dropout(0.4, seed: 3), nn.Flatten(), new Dropout(0.4, seed: 4),
            nn.Linear(128, 40), new Dropout(0.4, seed: 5), nn.ReLU(), new Dropout(0.4, seed: 6), new Dropout(0.4, seed: 7), nn.Sigmoid(), new Dropout(0.4, seed: 8), nn.Linear(40, 3));
        using FusedNetwork fused = new(model);
        Tensor x = randn(4, 3, 8, 8), original = x.clone();
        using IDisposable mode = set_grad_enabled(graph);
        (Tensor Output, Tensor[] Gradients) expected = Pass(model, x, graph), actual = Pass(fused, x, graph);

        AssertEqual(expected.Output, actual.Output);
        Assert.All(expected.Gradients.Zip(actual.Gradients), static pair => AssertEqual(pair.First, pair.Second));
        AssertEqual(original, x);
        Assert.All(Drops(model), static drop => Assert.Equal(1u, drop.Position.Step));

        (Tensor, Tensor[]) Pass(nn.Module<Tensor, Tensor> module, Tensor input, bool backward)
        {
            foreach (Dropout drop in Drops(model))
            {
                drop.Position = drop.Position with { Step = 0 };
            }

            model.zero_grad();
            Tensor output = module.call(input);
            if (backward)
            {
                output.square().sum().backward();
            }

            return (output, backward ? [.. model.parameters().Select(static each => each.grad!.clone())] : []);
        }
    }

    [Fact]
    public void FusedNetwork_ModulesThatKeepWhatTheyGive_AreNotOverwritten()
    {
        Keeper keeper = new();
        TorchSharp.Modules.Linear heard = nn.Linear(8, 30);
        Tensor? seen = null;
        heard.register_forward_hook((_, _, output) => seen = output.DetachFromDisposeScope());
        nn.Module<Tensor, Tensor> model = nn.Sequential(keeper, nn.ReLU(), new Dropout(0.5, seed: 2), heard, nn.ReLU(), new Dropout(0.5, seed: 3));
        using FusedNetwork fused = new(model);
        Tensor x = randn(5, 8);

        fused.call(x);

        AssertEqual(x - 1f, keeper.Kept!);
        Assert.True(seen!.lt(0f).any().item<bool>()); // before ReLU
        seen.Dispose();
    }

    [Fact]
    public void FusedNetwork_HooksGivenMasksAndChangesInPlace_AreRespected()
    {
        TorchSharp.Modules.ReLU relu = nn.ReLU();
        Dropout dropout = new(0.5, seed: 2);
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.Linear(8, 30), relu, dropout);
        using FusedNetwork fused = new(model);
        Tensor x = randn(5, 8), mask = rand(5, 30).lt(0.5);
        using (dropout.Site.Use(mask))
        {
            AssertEqual(model.call(x), fused.call(x));
        }

        using (dropout.Site.Sample(new SiteSampling(new MaskStream(5, 6, 7), IsSharedByRows: true)))
        {
            Tensor output = fused.call(x);
            AssertEqual(output.ne(0).sum(dim: 0).gt(0), dropout.CurrentMask!.squeeze(0).logical_and(output.ne(0).any(0)));
        }

        int calls = 0;
        relu.register_forward_hook((_, _, output) =>
        {
            calls++;
            return output;
        });
        fused.call(x);
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void Blocks_LastDropoutAndSum_AreTheBranchAndTheSumBitForBit(double pathRate)
    {
        var options = new TransformerBlockOptions
        {
            AttentionOutputDropout = new Dropout(0.2, seed: 1),
            HiddenDropout = new Dropout(0.3, seed: 2),
            OutputDropout = new Dropout(0.4, seed: 3),
            Activation = nn.ReLU(),
            Path = new PathOptions(pathRate, Seed: 4),
        };
        using TransformerBlock block = new(32, 4, 64, options);
        Tensor x = randn(3, 5, 32).requires_grad_(true), other = x.detach().clone().requires_grad_(true);
        Dictionary<string, Tensor> state = block.state_dict().ToDictionary(static pair => pair.Key, static pair => pair.Value.clone());
        Tensor fused = block.call(x);
        fused.square().sum().backward();
        block.load_state_dict(state);
        foreach (Dropout drop in Drops(block))
        {
            drop.register_forward_hook(static (_, _, output) => output); // whom somebody listens to is called
        }

        Tensor apart = block.call(other);
        apart.square().sum().backward();
        AssertEqual(apart, fused);
        AssertClose(other.grad!, x.grad!, 1e-5);
        Assert.Equal(pathRate == 0 ? 3 : 5, DropoutSites.Of(block).Count);
    }

    [Fact]
    public void FusedNetwork_SurgeryAndState_ReachTheModel()
    {
        using FusedNetwork fused = new(Model());
        Assert.Equal(3, ModelSurgery.Sites(fused).Count);
        ModelSurgery.SetRates(fused, "*", 0.25);
        Assert.All(Drops(fused), static drop => Assert.Equal(0.25, drop.DropRate.Value));

        Tensor x = randn(4, 20);
        Dictionary<string, Tensor> state = fused.state_dict().ToDictionary(static pair => pair.Key, static pair => pair.Value.clone());
        Tensor expected = fused.call(x);
        fused.call(x);
        fused.load_state_dict(state);
        AssertEqual(expected, fused.call(x));
    }

    [Fact]
    public void FusedNetwork_SeveralThreadsOfLibtorch_GiveOneThreadsBits()
    {
        nn.Module<Tensor, Tensor> model = nn.Sequential(nn.ReLU(), new Dropout(0.5, seed: 1), nn.GELU(), new Dropout(0.5, seed: 2), nn.SiLU(), new Dropout(0.5, seed: 3));
        using FusedNetwork fused = new(model);
        Tensor x = randn(400, 1000);
        Dictionary<string, Tensor> state = fused.state_dict().ToDictionary(static pair => pair.Key, static pair => pair.Value.clone());
        int threads = get_num_threads();
        List<(Tensor Output, Tensor Gradient)> results = [];
        try
        {
            foreach (int count in (int[])[1, 3])
            {
                set_num_threads(count);
                fused.load_state_dict(state);
                Tensor input = x.clone().requires_grad_(true), output = fused.call(input);
                results.Add((output, autograd.grad([output], [input], [x])[0]));
            }
        }
        finally
        {
            set_num_threads(threads);
        }

        AssertEqual(results[0].Output, results[1].Output);
        AssertEqual(results[0].Gradient, results[1].Gradient);
    }

    private static nn.Module<Tensor, Tensor> Model() => nn.Sequential(
        nn.Linear(20, 64),
        nn.ReLU(),
        new Dropout(0.5, seed: 1),
        new Residual(nn.Sequential(nn.LayerNorm(64), nn.Linear(64, 32), nn.GELU(), new Dropout(0.3, seed: 2), nn.Linear(32, 64), new Dropout(0.2, seed: 3))),
        nn.Linear(64, 3));

    private static Dropout[] Drops(nn.Module model) => [.. model.modules().OfType<Dropout>()];

    private static void Copy(nn.Module from, nn.Module to) => to.load_state_dict(from.state_dict().ToDictionary(static pair => pair.Key, static pair => pair.Value));

    private sealed class Keeper() : nn.Module<Tensor, Tensor>(nameof(Keeper))
    {
        public Tensor? Kept { get; private set; }

        public override Tensor forward(Tensor input) => Kept = (input - 1f).DetachFromDisposeScope();
    }
}
