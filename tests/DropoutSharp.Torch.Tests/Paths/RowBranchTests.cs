using DropoutSharp.Torch.Tests.Noise;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Paths;

public sealed class RowBranchTests : TensorTests
{
    private static readonly long[] Rows = [0, 2, 3, 6];

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void End_AnyType_IsTheSumRoundedOnceWithGradientsOfItsType(ScalarType type)
    {
        Tensor input = randn(7, 3, 5).to(type).requires_grad_(true), expected = input.detach().to(ScalarType.Float64), index = tensor(Rows);
        expected = expected.index_add(0, index, expected.index_select(0, index), 0.5).to(type);
        var branch = new RowBranch(Rows, 7, 0.5);
        (Tensor batch, Tensor rows) = branch.Begin(input);
        Tensor output = branch.End(batch, rows);
        output.backward([ones_like(output)]);

        AssertEqual(expected, output.detach()); // 1.5·x is exact in float from 16 bits, and rounded once from float and double
        Assert.Equal(type, input.grad!.dtype);
        AssertEqual(ones(7, 3, 5).to(type).index_fill(0, index, 1.5), input.grad!);
    }

    [Fact]
    public void BeginAndEnd_AnyBranch_HaveTheGradientsOfDifferences()
    {
        Tensor input = randn(7, 4, ScalarType.Float64).requires_grad_(true), weight = randn(4, 4, ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => Run(input, rows => rows.tanh().matmul(weight)), input, weight);
    }

    [Fact]
    public void Backward_BranchThatDoesNotFollowItsInput_PassesTheBatchsGradient()
    {
        Tensor input = randn(7, 4).requires_grad_(true), weight = randn(4).requires_grad_(true);
        Run(input, rows => rows.detach() * weight).sum().backward();
        AssertEqual(ones(7, 4), input.grad!);
        AssertClose(1.5 * input.detach().index_select(0, tensor(Rows)).sum(dim: 0), weight.grad!);

        input.grad!.zero_();
        Run(input, static rows => rows.detach()).sum().backward();
        AssertEqual(ones(7, 4), input.grad!);
    }

    [Fact]
    public void Backward_OneResultOnly_IsTheGradientOfThatOne()
    {
        Tensor input = randn(7, 4).requires_grad_(true);
        new RowBranch(Rows, 7, 1).Begin(input).Rows.sum().backward();
        AssertEqual(zeros(7, 4).index_fill(0, tensor(Rows), 1), input.grad!);

        input.grad!.zero_();
        new RowBranch(Rows, 7, 1).Begin(input).Batch.sum().backward();
        AssertEqual(ones(7, 4), input.grad!);
    }

    [Fact]
    public void Begin_InputWithoutGradient_LeavesItToTheBranch()
    {
        Tensor input = randn(7, 4), weight = randn(4).requires_grad_(true);
        Run(input, rows => rows * weight).sum().backward();
        AssertClose(1.5 * input.index_select(0, tensor(Rows)).sum(dim: 0), weight.grad!);

        using (no_grad())
        {
            Tensor output = Run(input.requires_grad_(true), rows => rows * weight);
            Assert.False(output.requires_grad);
        }
    }

    [Fact]
    public void Backward_TwiceThroughOneGraph_IsTwiceTheGradient()
    {
        Tensor input = randn(7, 4, ScalarType.Float64).requires_grad_(true), output = Run(input, static rows => rows.tanh()).sum();
        output.backward(retain_graph: true);
        Tensor once = input.grad!.clone();
        output.backward();
        AssertClose(2 * once, input.grad!, 1e-15);
    }

    [Fact]
    public void Backward_OfGradients_IsThatOfRowsSelectedByLibtorch()
    {
        Tensor input = randn(7, 4, ScalarType.Float64).requires_grad_(true), index = tensor(Rows);
        AssertClose(Second(static x => Run(x, static rows => rows.tanh())), Second(x => x.index_add(0, index, x.index_select(0, index).tanh(), 1.5)), 1e-12);

        Tensor Second(Func<Tensor, Tensor> function)
        {
            using Tensor leaf = input.detach().clone().requires_grad_(true);
            Tensor first = autograd.grad([function(leaf).square().sum()], [leaf], retain_graph: true, create_graph: true)[0];
            first.square().sum().backward();
            return leaf.grad!.clone();
        }
    }

    [Fact]
    public void BeginAndEnd_StridedTensors_AreThoseOfContiguousCopies()
    {
        Tensor input = randn(4, 7).t().requires_grad_(true), copy = input.detach().contiguous().requires_grad_(true);
        Tensor expected = Run(copy, static rows => rows.tanh()), received = Run(input, static rows => rows.t().contiguous().t().tanh());
        AssertEqual(expected.detach(), received.detach());
        Tensor upstream = randn(4, 7).t();
        Tensor[] gradients = [autograd.grad([expected], [copy], [upstream])[0], autograd.grad([received], [input], [upstream])[0]];
        AssertEqual(gradients[0], gradients[1]);
    }

    [Fact]
    public void BeginAndEnd_PublicInterface_IsTheSame()
    {
        Tensor input = randn(7, 4).requires_grad_(true);
        Tensor[] Both()
        {
            Tensor output = Run(input, static rows => rows.tanh());
            return [output.detach(), autograd.grad([output.square().sum()], [input])[0]];
        }

        Tensor[] known = Both();
        NoiseFunction.t_usePublicInterface = true;
        try
        {
            Tensor[] general = Both();
            AssertClose(general[0], known[0]);
            AssertClose(general[1], known[1]);
        }
        finally
        {
            NoiseFunction.t_usePublicInterface = false;
        }
    }

    [Fact]
    public void Backward_GradientThatNobodyHolds_BecomesTheInputsOwnMemory()
    {
        Tensor x = randn(7, 400).requires_grad_(true);
        nint ofOutput = 0, ofInput = 0;
        Tensor output = Run(GradientWatch.Watched(x.mul(1f), gradient => ofInput = TensorMemory.Address(gradient)), static rows => rows * 2f);

        GradientWatch.Watched(output, gradient => ofOutput = TensorMemory.Address(gradient)).mul(3f).sum().backward();

        Assert.NotEqual(0, ofInput);
        Assert.Equal(ofOutput, ofInput);
        AssertEqual(full(7, 400, 3f).index_fill(0, tensor(Rows), 12), x.grad!); // 3 + 3·1.5·2
    }

    [Fact]
    public void Backward_GradientThatIsHeld_StaysAsItIs()
    {
        Tensor x = randn(7, 400).requires_grad_(true), given = randn(7, 400), copy = given.clone();
        Run(x.mul(1f), static rows => rows * 2f).backward([given]);
        AssertEqual(copy, given);

        Tensor? held = null;
        Tensor output = Run(x.mul(1f), static rows => rows * 2f);
        GradientWatch.Watched(output, gradient => held = gradient.view_as(gradient).DetachFromDisposeScope()).mul(3f).sum().backward();
        AssertEqual(full_like(output, 3f), held!);
        held!.Dispose();
    }

    [Fact]
    public void Backward_GradientAskedForBetween_IsThatOfTheSum()
    {
        Tensor x = randn(7, 400).requires_grad_(true), output = Run(x.mul(1f), static rows => rows * 2f);

        IList<Tensor> gradients = autograd.grad([output.mul(3f).sum()], [output, x]);

        AssertEqual(full_like(output, 3f), gradients[0]);
        AssertEqual(full(7, 400, 3f).index_fill(0, tensor(Rows), 12), gradients[1]);
    }

    [Fact]
    public void Backward_GradientOfABatchThatIsUsedElsewhereToo_ReachesBoth()
    {
        Tensor x = randn(7, 400).requires_grad_(true), z = x.mul(1f);

        (z + Run(z, static rows => rows * 2f)).mul(3f).sum().backward();

        AssertEqual(full(7, 400, 6f).index_fill(0, tensor(Rows), 15), x.grad!);
    }

    [Fact]
    public void Backward_SeveralThreadsWhileGarbageIsCollected_GivesEachItsOwnRows()
    {
        int wrong = 0;
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(k => new Thread(() =>
        {
            long[] rows = [k, k + 2, k + 5];
            using Tensor input = ones(9, 8).requires_grad_(true), expected = ones(9, 8).index_fill(0, tensor(rows), 3);
            for (int step = 0; step < 200; step++)
            {
                using DisposeScope scope = NewDisposeScope();
                var branch = new RowBranch(rows, 9, 2);
                (Tensor batch, Tensor gathered) = branch.Begin(input);
                Tensor output = branch.End(batch, gathered);
                if (step % 25 == 0)
                {
                    GC.Collect(); // between forward and backward, when only libtorch holds the nodes
                    GC.WaitForPendingFinalizers();
                }

                output.sum().backward();
                Interlocked.Add(ref wrong, input.grad!.equal(expected).all().item<bool>() ? 0 : 1);
                input.grad!.zero_();
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.Equal(0, wrong);
    }

    private static Tensor Run(Tensor input, Func<Tensor, Tensor> function)
    {
        var branch = new RowBranch(Rows, 7, 1.5);
        (Tensor batch, Tensor rows) = branch.Begin(input);
        return branch.End(batch, function(rows));
    }
}
