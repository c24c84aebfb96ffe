using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Paths;

public sealed class StochasticDepthTests : TensorTests
{
    public static TheoryData<StochasticDepthMode> Modes => new(Enum.GetValues<StochasticDepthMode>());

    [Theory]
    [InlineData(Scaling.Inverted)]
    [InlineData(Scaling.AtInference)]
    [InlineData(Scaling.None)]
    public void Subset_AnyBatch_IsRowToRounding(Scaling scaling)
    {
        nn.Module<Tensor, Tensor> branch = Branch();
        using StochasticDepth row = new(branch, 0.4, StochasticDepthMode.Row, scaling, seed: 1), subset = new(branch, 0.4, StochasticDepthMode.Subset, scaling, seed: 1);
        foreach (long rows in new long[] { 0, 1, 2, 64 })
        {
            Tensor a = randn([rows, 6], ScalarType.Float64).requires_grad_(true), b = a.detach().clone().requires_grad_(true);
            branch.zero_grad();
            Tensor expected = row.forward(a);
            expected.square().sum().backward();
            Tensor[] gradients = [.. branch.parameters().Select(p => (p.grad is null ? zeros_like(p) : p.grad).clone())];
            branch.zero_grad();
            Tensor received = subset.forward(b);
            received.square().sum().backward();

            AssertClose(expected.detach(), received.detach(), 1e-12);
            AssertClose(a.grad!, b.grad!, 1e-12);
            foreach ((Tensor gradient, Tensor parameter) in gradients.Zip(branch.parameters()))
            {
                AssertClose(gradient, parameter.grad is null ? zeros_like(parameter) : parameter.grad, 1e-12);
            }

            AssertEqual(row.CurrentMask!, subset.CurrentMask!);
        }
    }

    [Fact]
    public void Subset_Shortcut_IsRowToRounding()
    {
        nn.Module<Tensor, Tensor> branch = nn.Conv2d(3, 4, 3, stride: 2, padding: 1, dtype: ScalarType.Float64), shortcut = nn.Conv2d(3, 4, 1, stride: 2, dtype: ScalarType.Float64);
        using StochasticDepth row = new(branch, 0.4, StochasticDepthMode.Row, shortcut: shortcut, seed: 1), subset = new(branch, 0.4, StochasticDepthMode.Subset, shortcut: shortcut, seed: 1);
        Tensor a = randn([16, 3, 6, 6], ScalarType.Float64).requires_grad_(true), b = a.detach().clone().requires_grad_(true);
        Tensor expected = row.forward(a), received = subset.forward(b);
        expected.square().sum().backward();
        received.square().sum().backward();
        AssertClose(expected.detach(), received.detach(), 1e-12);
        AssertClose(a.grad!, b.grad!, 1e-12);
    }

    [Theory]
    [InlineData(StochasticDepthMode.Subset)]
    [InlineData(StochasticDepthMode.FixedSubset)]
    public void Subset_BatchNormInTheBranch_SeesTheKeptRowsOnly(StochasticDepthMode mode)
    {
        nn.Module<Tensor, Tensor> branch = nn.Sequential(nn.BatchNorm1d(6, dtype: ScalarType.Float64), nn.Tanh());
        using var block = new StochasticDepth(branch, 0.5, mode, seed: 1);
        Tensor a = randn([32, 6], ScalarType.Float64).requires_grad_(true), b = a.detach().clone().requires_grad_(true);
        Tensor received = block.forward(a), kept = block.CurrentMask!.nonzero().flatten();
        double scale = mode == StochasticDepthMode.Subset ? 2 : 32.0 / kept.numel();
        Tensor expected = b.index_add(0, kept, branch.call(b.index_select(0, kept)), scale), upstream = randn([32, 6], ScalarType.Float64);
        received.backward([upstream]);
        expected.backward([upstream]);
        AssertClose(expected.detach(), received.detach(), 1e-12);
        AssertClose(b.grad!, a.grad!, 1e-12);
    }

    [Fact]
    public void Subset_BranchThatChangesItsInput_LeavesTheBatch()
    {
        nn.Module<Tensor, Tensor> linear = nn.Linear(6, 6, dtype: ScalarType.Float64);
        using StochasticDepth changing = new(nn.Sequential(nn.ReLU(inplace: true), linear), 0.4, StochasticDepthMode.Subset, seed: 1);
        using StochasticDepth plain = new(nn.Sequential(nn.ReLU(), linear), 0.4, StochasticDepthMode.Subset, seed: 1);
        Tensor a = randn([16, 6], ScalarType.Float64).requires_grad_(true), b = a.detach().clone().requires_grad_(true);
        Tensor received = changing.forward(a), expected = plain.forward(b);
        received.square().sum().backward();
        expected.square().sum().backward();
        AssertEqual(expected.detach(), received.detach());
        AssertEqual(b.grad!, a.grad!);
    }

    [Fact]
    public void Subset_OutputChangedInPlace_HasTheGradientOfTheChange()
    {
        using var block = new StochasticDepth(Branch(), 0.4, StochasticDepthMode.Subset, seed: 1);
        Tensor input = randn([16, 6], ScalarType.Float64).requires_grad_(true), output = block.forward(input);
        output.mul_(2.0).sum().backward(); // the sum is a tensor of its own
        Tensor doubled = input.grad!.clone();
        input.grad!.zero_();
        block.Position = new MaskStream(1);
        (block.forward(input) * 2.0).sum().backward();
        AssertClose(input.grad!, doubled, 1e-15);
    }

    [Fact]
    public void Row_Training_AddsTheScaledBranchToKeptRowsOnly()
    {
        nn.Module<Tensor, Tensor> branch = Branch();
        using var block = new StochasticDepth(branch, 0.25, seed: 1);
        Tensor input = randn([4000, 6], ScalarType.Float64), output = block.forward(input), mask = block.CurrentMask!;
        AssertClose(where(mask.unsqueeze(1), input + (branch.call(input) / 0.75), input), output, 1e-12);
        Assert.InRange(mask.to(ScalarType.Float64).mean().item<double>(), 0.75 - FiveSigma(0.75, 4000), 0.75 + FiveSigma(0.75, 4000));
    }

    [Fact]
    public void Batch_DroppedBranch_IsNotRun()
    {
        var branch = new Counting();
        using var block = new StochasticDepth(branch, 0.5, StochasticDepthMode.Batch, seed: 1);
        int kept = 0;
        for (int step = 0; step < 200; step++)
        {
            Tensor output = block.forward(ones(3, 2));
            bool ran = block.CurrentMask!.item<bool>();
            AssertEqual(full([3, 2], ran ? 3.0f : 1), output);
            kept += ran ? 1 : 0;
        }

        Assert.Equal(kept, branch.Calls);
        Assert.InRange(kept / 200.0, 0.5 - FiveSigma(0.5, 200), 0.5 + FiveSigma(0.5, 200));
    }

    [Fact]
    public void Subset_Branch_SeesKeptRowsOnly()
    {
        var branch = new Counting();
        using var block = new StochasticDepth(branch, 0.5, StochasticDepthMode.Subset, seed: 1);
        block.forward(ones(1000, 2));
        Assert.Equal(block.CurrentMask!.sum().item<long>(), branch.Rows);
    }

    [Theory]
    [InlineData(10, 0.3, 7)]
    [InlineData(10, 0.9, 1)]
    [InlineData(3, 1.0, 1)]
    [InlineData(1, 0.9, 1)]
    public void FixedSubset_Rows_KeepsTheirExactNumberScaledByIt(int rows, double dropRate, int kept)
    {
        var branch = new Counting();
        using var block = new StochasticDepth(branch, dropRate, StochasticDepthMode.FixedSubset, seed: 1);
        Tensor output = block.forward(ones(rows, 2));
        Assert.Equal(kept, branch.Rows);
        Assert.Equal(kept, block.CurrentMask!.sum().item<long>());

        // Branch and mean over rows: 1 + (N/kept)·1·kept/N.
        Assert.Equal(2, output.mean().item<float>(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Forward_Evaluation_AddsTheWholeBranch(StochasticDepthMode mode)
    {
        nn.Module<Tensor, Tensor> branch = Branch();
        using StochasticDepth inverted = new(branch, 0.4, mode), classic = new(branch, 0.4, mode, Scaling.AtInference);
        Tensor input = randn([5, 6], ScalarType.Float64);
        inverted.eval();
        classic.eval();
        AssertClose(input + branch.call(input), inverted.forward(input), 1e-12);
        AssertClose(input + (0.6 * branch.call(input)), classic.forward(input), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Forward_EndsOfTheRate_RunAllOrNothing(StochasticDepthMode mode)
    {
        var branch = new Counting();
        using StochasticDepth none = new(branch, 0, mode), all = new(branch, 1, mode);
        Tensor input = full([4, 2], float.NaN);
        AssertEqual(full([4, 2], 2f), none.forward(ones(4, 2)));
        if (mode != StochasticDepthMode.FixedSubset)
        {
            AssertEqual(ones(4, 2), all.forward(ones(4, 2)));
        }

        Assert.True(none.forward(input).isnan().all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Forward_Twice_TakesStepsAndReplaysFromTheStateDict(StochasticDepthMode mode)
    {
        using StochasticDepth block = new(new Counting(), 0.5, mode, seed: 1), other = new(new Counting(), 0.5, mode, seed: 2);
        block.forward(ones(64, 2));
        other.load_state_dict(block.state_dict());
        for (int step = 0; step < 5; step++)
        {
            AssertEqual(block.forward(ones(64, 2)), other.forward(ones(64, 2)));
        }

        Assert.Equal(6u, block.Position.Step);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Forward_GivenMask_ReplaysIt(StochasticDepthMode mode)
    {
        using StochasticDepth block = new(new Counting(), 0.5, mode, seed: 1);
        Tensor output = block.forward(ones(16, 2));
        using (block.Site.Use(block.CurrentMask!))
        {
            AssertEqual(output, block.forward(ones(16, 2)));
            Assert.Throws<ArgumentException>(() => mode == StochasticDepthMode.Batch
                ? block.forward(tensor(1)) : block.forward(ones(15, 2)));
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Backward_Float64_AgreesWithFiniteDifferences(StochasticDepthMode mode)
    {
        nn.Module<Tensor, Tensor> branch = Branch();
        using var block = new StochasticDepth(branch, 0.3, mode, seed: 5);
        Tensor input = randn([8, 6], ScalarType.Float64).requires_grad_(true);
        AssertGradients(
            () =>
            {
                block.Position = new MaskStream(5);
                return block.forward(input);
            },
            [input, .. branch.parameters()]);
    }

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    public void Forward_OtherTypes_KeepTheirType(ScalarType type)
    {
        foreach (StochasticDepthMode mode in Enum.GetValues<StochasticDepthMode>())
        {
            using var block = new StochasticDepth(new Counting(), 0.5, mode, seed: 1);
            Assert.Equal(type, block.forward(ones([8, 2], type)).dtype);
        }
    }

    [Fact]
    public void Forward_BadBranchOrInput_IsRefused()
    {
        using var block = new StochasticDepth(nn.Linear(2, 3), 0.1);
        Assert.Contains("must give the shape that it is added to", Assert.Throws<ArgumentException>(() => block.forward(ones(4, 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => block.forward(tensor(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticDepth(new Counting(), 1.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticDepth(new Counting(), 0.1, (StochasticDepthMode)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StochasticDepth(new Counting(), 0.1, scaling: (Scaling)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.DropRate = -1);
    }

    private static nn.Module<Tensor, Tensor> Branch() =>
        nn.Sequential(nn.Linear(6, 9, dtype: ScalarType.Float64), nn.Tanh(), nn.Linear(9, 6, dtype: ScalarType.Float64));

    /// <summary>The identity, which counts calls and rows.</summary>
    private sealed class Counting() : nn.Module<Tensor, Tensor>(nameof(Counting))
    {
        public int Calls { get; private set; }

        public long Rows { get; private set; }

        public override Tensor forward(Tensor input)
        {
            Calls++;
            Rows += input.dim() == 0 ? 1 : input.shape[0];
            return input.alias();
        }
    }
}
