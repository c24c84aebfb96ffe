using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Attention;

/// <summary>The gradients of attention as one operation against the central differences of its own forward pass, element by element.</summary>
/// <remarks>
/// <para>
/// What is differentiated is L = Σ W·o. Queries, keys, values and W lie in [−1, 1], shifted by the step h too; all are multiples of 2⁻¹⁰, as h is, so that every shifted input is exact in float32. A query's element reaches that
/// query's outputs alone, a value's its column of the head's, a key's all of the head's: A is the sum of |W| over these. u = 2⁻²⁴ is the unit of rounding, E the width of keys, S their number, c = 1/(1 − r), the scale 1/√E.
/// </para>
/// <para>
/// Rounding, to first order. A score (E products, the factor, the bias) is off by ((E + 3)·√E + 1)·u; its distance from the largest, at most 2·(√E + 1), is rounded once; the exponential is right to 4·u of itself. Together η·u:
/// so are weights before their division, and their sums over S keys, with values or without, to (η + S)·u; four more products make an output, |o| ≤ c, wrong by ε = c·(2·(η + S) + 4)·u at most, and the difference quotient by
/// A·ε/h. The gradient multiplies the same weights with c·W·v − Σ W·o, two terms of at most c·A, both right to ε/c: it is wrong by 4·A·ε times the scale, less than 3·A·ε; that of values by less.
/// </para>
/// <para>
/// Step. An output is c times the mean of numbers y in [−1, 1] under the softmax; where scores move at the speeds d its third derivative is the joint cumulant of y and three times d, which is E[ŷd̂³] − 3·E[ŷd̂]·E[d̂²] for the
/// differences from the means, and so at most √(E[d̂⁶]) + 3·E[d̂²]^(3/2). A query's element moves scores with speeds in [−scale, scale]: |d̂| ≤ 2·scale and E[d̂²] ≤ scale², in all 7·scale³. A key's element moves one score of each
/// query: half that range, an eighth of the bound. Outputs are linear in values. The difference quotient is off by a sixth of the derivative, times A·c·h².
/// </para>
/// </remarks>
public sealed class AttentionGradientTests : TensorTests
{
    private const double DropRate = 0.3, Kept = 1 / (1 - DropRate), Step = 1.0 / 32;

    /// <summary>Samples, heads, queries, width of keys and of values: no multiple of a register's lanes among the last three, nor in the numbers of keys below.</summary>
    private const int Rows = 2, Heads = 3, Queries = 5, Width = 3, ValueWidth = 2;

    public enum Form
    {
        Plain,
        Causal,
        Bias,
        Projected,
        ProjectedCausal,
    }

    [Theory]
    [InlineData(Form.Plain, 19)]
    [InlineData(Form.Causal, 19)]
    [InlineData(Form.Causal, 3)]
    [InlineData(Form.Bias, 19)]
    [InlineData(Form.Projected, Queries)]
    [InlineData(Form.ProjectedCausal, Queries)]
    public void Apply_EveryInputElement_HasItsCentralDifferenceAsGradient(Form form, int keys)
    {
        Assert.True(AttentionNode.IsKnown);
        int valueWidth = form is Form.Projected or Form.ProjectedCausal ? Width : ValueWidth;
        Tensor query = Numbers(Queries, Width), key = Numbers(keys, Width), value = Numbers(keys, valueWidth), weights = Numbers(Queries, valueWidth);
        Tensor bias = Numbers(Queries, keys).masked_fill(rand(Queries, keys).lt(0.2), float.NegativeInfinity);
        var shape = new AttentionShape(Rows, Heads, Queries, keys, Width, valueWidth, 1 / Math.Sqrt(Width), form is Form.Causal or Form.ProjectedCausal);
        Tensor[] inputs = [query, key, value];
        foreach (Tensor input in inputs)
        {
            input.requires_grad_(true);
        }

        Tensor output = Output();
        output.backward([weights]);
        Tensor size = weights.abs().to(ScalarType.Float64);
        Tensor[] reached = [size.sum(-1, keepdim: true).expand(query.shape), size.sum([-2, -1], keepdim: true).expand(key.shape), size.sum(-2, keepdim: true).expand(value.shape)];
        double[] thirdDerivatives = [7 * Kept / Math.Pow(Width, 1.5), 7 * Kept / Math.Pow(Width, 1.5) / 8, 0];
        double rounding = Rounding(keys);
        foreach ((int i, Tensor input) in inputs.Index())
        {
            Tensor bound = reached[i] * ((rounding * ((1 / Step) + 3)) + (thirdDerivatives[i] * Step * Step / 6));
            Tensor apart = (Differences(input) - input.grad!.to(ScalarType.Float64)).abs();
            Assert.True(apart.le(bound).all().item<bool>(), $"input {i}: apart by up to {(apart / bound).max().item<double>():0.00} of the bound");

            // A gradient that is off by a quarter or more of itself, such as one without the factor c or with the wrong sign, cannot be within the bound everywhere.
            Assert.True(bound.sum().item<double>() < 0.25 * input.grad!.abs().sum().item<float>());
        }

        Tensor Output()
        {
            var stream = new MaskStream(4, 1, 2);
            if (form is not (Form.Projected or Form.ProjectedCausal))
            {
                return AttentionNode.Apply(query, key, value, form == Form.Bias ? bias.clone() : null, shape, DropRate, Kept, stream, 5);
            }

            Tensor projected = stack(inputs, 0).permute(1, 3, 0, 2, 4).reshape(Rows, Queries, 3 * Heads * Width);
            return AttentionNode.ApplyProjected(projected, shape, DropRate, Kept, stream, 5).reshape(Rows, Queries, Heads, Width).transpose(1, 2);
        }

        Tensor Differences(Tensor input)
        {
            using IDisposable noGraph = no_grad();
            double[] differences = new double[input.numel()];
            Tensor elements = input.detach().view(-1);
            for (int i = 0; i < differences.Length; i++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor element = elements[i];
                double up = Loss(element.add_(Step)), down = Loss(element.sub_(2 * Step));
                element.add_(Step);
                differences[i] = (up - down) / (2 * Step);
            }

            return tensor(differences).reshape(input.shape);
        }

        double Loss(Tensor _) => (Output().to(ScalarType.Float64) * weights).sum().item<double>();
    }

    private static double Rounding(int keys)
    {
        double root = Math.Sqrt(Width), weights = ((Width + 3) * root) + 1 + (2 * (root + 1)) + 4;
        return Kept * ((2 * (weights + keys)) + 4) * Math.ScaleB(1, -24);
    }

    /// <summary>Multiples of 2⁻¹⁰ that stay in [−1, 1] when they are shifted.</summary>
    private static Tensor Numbers(int tokens, int width)
    {
        const int Most = 1024 - 32;
        return randint(-Most, Most + 1, [Rows, Heads, tokens, width], ScalarType.Float32) / 1024;
    }
}
