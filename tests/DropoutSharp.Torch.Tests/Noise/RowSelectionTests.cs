using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Noise;

public sealed class RowSelectionTests : TensorTests
{
    private static readonly long[] Rows = [0, 2, 3, 6];

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Apply_AnyType_IsIndexSelectAndIndexAdd(ScalarType type)
    {
        Tensor input = randn(7, 3, 5).to(type), index = tensor(Rows);
        Tensor gathered = new RowSelection(Rows, 7, 1, gathers: true).Apply(input);
        AssertEqual(input.index_select(0, index), gathered);

        Tensor spread = new RowSelection(Rows, 7, 2, gathers: false).Apply(gathered);
        AssertEqual(zeros(7, 3, 5).to(type).index_add(0, index, gathered, 2), spread);
    }

    [Fact]
    public void Apply_StridedInput_IsThatOfItsContiguousCopy()
    {
        Tensor input = randn(5, 7).t();
        AssertEqual(input.contiguous().index_select(0, tensor(Rows)), new RowSelection(Rows, 7, 1, gathers: true).Apply(input));
    }

    [Fact]
    public void Gradient_OfBothWays_AgreesWithDifferences()
    {
        Tensor large = randn(7, 4, ScalarType.Float64).requires_grad_(true), small = randn(4, 4, ScalarType.Float64).requires_grad_(true);
        AssertGradients(() => NoiseFunction.Apply(new RowSelection(Rows, 7, 1.5, gathers: true), large).square(), large);
        AssertGradients(() => NoiseFunction.Apply(new RowSelection(Rows, 7, 1.5, gathers: false), small).square(), small);
    }

    [Fact]
    public void Apply_NotANumberInAnUnchosenRow_DoesNotReachTheResult()
    {
        Tensor input = full([7, 2], double.NaN, ScalarType.Float32).index_fill(0, tensor(Rows), 1);
        Assert.False(new RowSelection(Rows, 7, 1, gathers: true).Apply(input).isnan().any().item<bool>());
    }
}
