using TorchSharp.Utils;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Puts units to their places in a dimension; every other place holds a number of its own, or 0.</summary>
internal sealed class UnitScatter : nn.Module<Tensor, Tensor>
{
    private readonly int _dimension;

    [ComponentName(Name = "places")]
    private readonly Tensor _places;

    [ComponentName(Name = "others")]
    private readonly Tensor _others;

    public UnitScatter(int dimension, long units, int[] kept, double[]? constants)
        : base(nameof(UnitScatter))
    {
        _dimension = dimension;
        _places = Places(kept, CPU).DetachFromDisposeScope();
        _others = (constants is null ? zeros(units, ScalarType.Float64) : tensor(constants)).DetachFromDisposeScope();
        register_buffer("places", _places);
        register_buffer("others", _others);
    }

    public override Tensor forward(Tensor input) => Scatter(input, _dimension, get_buffer("places")!, get_buffer("others")!); // registered above

    public static Tensor Scatter(Tensor input, int dimension, long units, int[] kept, double[]? constants)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        Tensor places = Places(kept, input.device);
        if (constants is not null)
        {
            return Scatter(input, dimension, places, tensor(constants, device: input.device)).MoveToOuterDisposeScope();
        }

        long[] shape = TensorMemory.Shape(input);
        shape[dimension] = units;
        return zeros(shape, input.dtype, input.device).index_copy_(dimension, places, input).MoveToOuterDisposeScope();
    }

    private static Tensor Places(int[] kept, Device device) => tensor(Array.ConvertAll(kept, static unit => (long)unit), device: device);

    private static Tensor Scatter(Tensor input, int dimension, Tensor places, Tensor others)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        long[] shape = TensorMemory.Shape(input), line = new long[shape.Length];
        shape[dimension] = others.size(0);
        Array.Fill(line, 1);
        line[dimension] = others.size(0);
        Tensor all = others.to(input.dtype).reshape(line).expand(shape);
        return all.index_copy(dimension, places, input).MoveToOuterDisposeScope();
    }
}
