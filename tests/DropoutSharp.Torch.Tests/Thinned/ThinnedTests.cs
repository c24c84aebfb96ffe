using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests;

/// <summary>Trains a network the ordinary way and its twin thinned, and compares them; makes networks for that.</summary>
public abstract class ThinnedTests : TensorTests
{
    private const int Steps = 3;

    protected static void AssertForSeeds(int count, Action<int> assert) => Assert.All(Enumerable.Range(0, count), assert);

    protected static void AssertSameTraining(
        Func<nn.Module<Tensor, Tensor>> create, long[] inputShape, Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer> optimizer, int leastThinned = 0,
        ScalarType type = ScalarType.Float64, double tolerance = 1e-9, int steps = Steps,
        Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer>? thinnedOptimizer = null)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(7);
        nn.Module<Tensor, Tensor> ordinary = create().to(type);
        manual_seed(7);
        nn.Module<Tensor, Tensor> wrapped = create().to(type);
        using ThinnedNetwork thin = new(wrapped, ThinningChoice.Always);
        using optim.Optimizer first = optimizer(ordinary.parameters()), second = (thinnedOptimizer ?? optimizer)(wrapped.parameters());
        for (int step = 0; step < steps; step++)
        {
            Tensor input = randn(inputShape, type), other = input.detach().clone();
            input.requires_grad_(true);
            other.requires_grad_(true);
            Tensor expected = ordinary.call(input), actual = thin.call(other);
            AssertClose(expected, actual, tolerance);
            Assert.True(thin.LatestThinned.Count >= leastThinned, $"{thin.LatestThinned.Count} layers were thinned");
            Tensor weights = randn(expected.shape, type);
            first.zero_grad();
            second.zero_grad();
            (expected * weights).sum().backward();
            (actual * weights).sum().backward();
            AssertSameGradient(input.grad, other.grad, tolerance);
            if (thinnedOptimizer is null)
            {
                foreach ((TorchSharp.Modules.Parameter left, TorchSharp.Modules.Parameter right) in ordinary.parameters().Zip(wrapped.parameters()))
                {
                    AssertSameGradient(left.grad, right.grad, tolerance);
                }
            }

            first.step();
            second.step();
            using (no_grad())
            {
                foreach ((string name, Tensor value) in ordinary.state_dict())
                {
                    // Adam divides by the root of a gradient's square, so that rounding of a gradient near zero grows.
                    AssertClose(value.to(ScalarType.Float64), wrapped.state_dict()[name].to(ScalarType.Float64), 1e3 * tolerance);
                }
            }
        }

        foreach ((MaskedModule left, MaskedModule right) in Sites(ordinary).Zip(Sites(wrapped)))
        {
            AssertEqual(left.CurrentMask!, right.CurrentMask!);
        }
    }

    protected static IEnumerable<MaskedModule> Sites(nn.Module model) =>
        (model is MaskedModule own ? [own] : model.named_modules().Select(each => each.module).OfType<MaskedModule>()).Where(site => site.CurrentMask is not null);

    protected static void AssertSameGradient(Tensor? expected, Tensor? actual, double tolerance)
    {
        // A layer whose every product was dropped has a gradient of zeros the one way, and may have none the other.
        if (expected is null || actual is null)
        {
            Assert.True((expected ?? actual)?.eq(0).all().item<bool>() ?? true);
            return;
        }

        AssertClose(expected, actual, tolerance);
    }

    protected static TorchSharp.Modules.Sequential Chain(long width, int hidden, Func<nn.Module<Tensor, Tensor>> activation, double rate, int groups)
    {
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int i = 0; i < hidden; i++)
        {
            layers.AddRange([nn.Linear(width, width), activation(), new BatchwiseDropout(rate, seed: 11, site: (uint)i, groups: groups)]);
        }

        layers.Add(nn.Linear(width, 3));
        return nn.Sequential(layers);
    }

    protected static nn.Module<Tensor, Tensor> RandomDense(int seed)
    {
        Random random = new(seed);
        uint site = 0;
        long width = 6;
        return Layers(depth: 0);

        nn.Module<Tensor, Tensor> Layers(int depth)
        {
            List<nn.Module<Tensor, Tensor>> layers = [];
            for (int i = random.Next(2, 6); i > 0; i--)
            {
                layers.Add(random.Next(12) switch
                {
                    0 or 1 or 2 => Linear(random.Next(1, 14)),
                    3 or 4 or 5 => new BatchwiseDropout(Rate(), seed: 5, site: site++, groups: random.Next(4), inplace: layers is [.., TorchSharp.Modules.Linear] && random.Next(2) == 0, scaling: (Scaling)random.Next(2)),
                    6 => new Dropout(Rate(), seed: 5, site: site++),
                    7 => Activation(),
                    8 => Norm(),
                    9 when depth < 2 => Layers(depth + 1),
                    10 when depth < 2 => Block(depth),
                    _ => Activation(),
                });
            }

            return nn.Sequential(layers);
        }

        nn.Module<Tensor, Tensor> Block(int depth)
        {
            long before = width;
            nn.Module<Tensor, Tensor> branch = nn.Sequential(Layers(depth + 1), Linear(before));
            nn.Module<Tensor, Tensor>? shortcut = random.Next(3) == 0 ? Linear(before) : null;
            return random.Next(3) == 0 ? new StochasticDepth(branch, 0.4, (StochasticDepthMode)random.Next(3), shortcut: shortcut, seed: 5, site: site++) : new Residual(branch, shortcut);
        }

        nn.Module<Tensor, Tensor> Linear(long outputs)
        {
            long inputs = width;
            width = outputs;
            return nn.Linear(inputs, outputs, hasBias: random.Next(3) > 0);
        }

        nn.Module<Tensor, Tensor> Activation() => random.Next(5) switch
        {
            0 => nn.ReLU(),
            1 => nn.GELU(),
            2 => nn.Sigmoid(),
            3 => nn.Tanh(),
            _ => nn.Softplus(),
        };

        nn.Module<Tensor, Tensor> Norm() => random.Next(4) switch
        {
            0 => nn.BatchNorm1d(width),
            1 => nn.BatchNorm1d(width, track_running_stats: false),
            2 => nn.LayerNorm(width),
            _ => new RMSNorm(width),
        };

        double Rate() => random.Next(6) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
    }

    protected static nn.Module<Tensor, Tensor> RandomConvolutional(int seed)
    {
        Random random = new(seed);
        uint site = 0;
        long channels = 3;
        List<nn.Module<Tensor, Tensor>> layers = [];
        for (int i = random.Next(2, 6); i > 0; i--)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    long inputs = channels;
                    channels = random.Next(1, 9);
                    layers.Add(nn.Conv2d(inputs, channels, random.Next(2) == 0 ? 1 : 3, padding: 1, bias: random.Next(2) == 0,
                        padding_mode: random.Next(3) == 0 ? PaddingModes.Circular : PaddingModes.Zeros));
                    break;
                case 2 or 3:
                    layers.Add(new BatchwiseDropout(random.NextDouble(), featureDimension: 1, seed: 5, site: site++, groups: random.Next(4)));
                    break;
                case 4:
                    layers.Add(random.Next(3) switch { 0 => nn.ReLU(), 1 => nn.Sigmoid(), _ => nn.AvgPool2d(3, stride: 1, padding: 1) });
                    break;
                default:
                    layers.Add(random.Next(3) switch
                    {
                        0 => nn.BatchNorm2d(channels, track_running_stats: random.Next(2) == 0),
                        1 => new SpatialDropout2d(random.NextDouble(), seed: 5, site: site++),
                        _ => nn.MaxPool2d(3, stride: 1, padding: 1),
                    });
                    break;
            }
        }

        layers.AddRange([nn.AdaptiveAvgPool2d([2, 2]), nn.Flatten(), new BatchwiseDropout(0.4, seed: 5, site: site++), nn.Linear(4 * channels, 5)]);
        if (random.Next(2) == 0)
        {
            layers.RemoveAt(layers.Count - 2);
        }

        return nn.Sequential(layers);
    }
}
