using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DropoutSharp.Torch;

/// <summary>A Linear or Conv1d–3d of TorchSharp, computed with weights that are not its own.</summary>
internal sealed class WeightedLayer
{
    private readonly nn.Module<Tensor, Tensor> _layer;
    private readonly Convolution? _convolution;

    public WeightedLayer(nn.Module<Tensor, Tensor> layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        _layer = layer;
        _convolution = layer as Convolution;
        bool fits = layer is Linear || _convolution is { transposed: false };
        if (!fits)
        {
            throw new ArgumentException($"Layer must be a Linear, Conv1d, Conv2d or Conv3d; received {layer.GetName()}.", nameof(layer));
        }
    }

    /// <summary>Whether it is linear, not a convolution.</summary>
    public bool IsLinear => _convolution is null;

    public Tensor Weight => _convolution?.weight ?? ((Linear)_layer).weight;

    public Tensor? Bias => _convolution is null ? ((Linear)_layer).bias : _convolution.bias;

    /// <summary>Whether an input has a dimension of rows.</summary>
    public bool IsBatched(Tensor input) => input.dim() >= (_convolution is null ? 2 : _convolution.kernel_size.Length + 2);

    /// <summary>Refuses an input that the layer cannot take.</summary>
    public void CheckInput(Tensor input)
    {
        DropoutModule.CheckElementType(input);
        (long channels, long dimensions) = _convolution is null
            ? (Weight.size(1), 0)
            : (Weight.size(1) * _convolution.groups, _convolution.kernel_size.Length);
        bool fits = _convolution is null
            ? input.dim() > 0 && input.size(-1) == channels
            : (input.dim() == dimensions + 1 || input.dim() == dimensions + 2) && input.size((int)(-dimensions - 1)) == channels;
        if (!fits)
        {
            string axes = dimensions switch { 1 => "L", 2 => "H, W", _ => "D, H, W" };
            string wanted = _convolution is null ? $"(…, F) with F = {channels}" : $"(N, C, {axes}) or (C, {axes}) with C = {channels}";
            throw new ArgumentException(
                $"Input of {nameof(DropConnect)} must have the shape {wanted}; received shape [{string.Join(", ", input.shape)}].", nameof(input));
        }
    }

    /// <summary>The layer with one weight for all rows.</summary>
    public Tensor Call(Tensor input, Tensor weight, Tensor? bias)
    {
        if (_convolution is null)
        {
            return F.linear(input, weight, bias);
        }

        (Tensor padded, long[] padding) = Pad(input);
        return Convolve(padded, weight, bias, padding, _convolution.groups);
    }

    /// <summary>A layer of the same kind with weights that it copies.</summary>
    public nn.Module<Tensor, Tensor> Create(Tensor weight, Tensor? bias)
    {
        return _convolution is null ? CreateLinear(weight, bias) : Filled(CreateConvolution(weight, bias is not null), weight, bias);
    }

    /// <summary>The same layer with weights of its own.</summary>
    public nn.Module<Tensor, Tensor> Copy() => Create(Weight, Bias);

    /// <summary>A linear layer with weights that it copies.</summary>
    public static nn.Module<Tensor, Tensor> CreateLinear(Tensor weight, Tensor? bias) => weight.numel() == 0
        ? new EmptyLinear(weight, bias)
        : Filled(nn.Linear(weight.size(1), weight.size(0), bias is not null, weight.device, weight.dtype), weight, bias);

    private static nn.Module<Tensor, Tensor> Filled(nn.Module<Tensor, Tensor> layer, Tensor weight, Tensor? bias)
    {
        using IDisposable noGradient = no_grad();
        WeightedLayer created = new(layer);
        created.Weight.copy_(weight);
        created.Bias?.copy_(bias!); // both or neither
        foreach (Parameter parameter in layer.parameters())
        {
            parameter.DetachFromDisposeScope();
        }

        return layer;
    }

    private nn.Module<Tensor, Tensor> CreateConvolution(Tensor weight, bool hasBias)
    {
        Convolution layer = _convolution!; // only called for one
        (long outputs, long inputs) = (weight.size(0), weight.size(1) * layer.groups);
        (ScalarType type, Device device) = (weight.dtype, weight.device);
        bool isGiven = layer.padding is not null;
        return layer.kernel_size.Length switch
        {
            1 when isGiven => nn.Conv1d(inputs, outputs, layer.kernel_size[0], layer.stride[0], layer.padding![0], layer.dilation[0], layer.padding_mode, layer.groups, hasBias, device, type),
            1 => nn.Conv1d(inputs, outputs, layer.kernel_size[0], layer.padding_type ?? Padding.Valid, layer.stride[0], layer.dilation[0], layer.padding_mode, layer.groups, hasBias, device, type),
            2 when isGiven => nn.Conv2d(inputs, outputs, Pair(layer.kernel_size), Pair(layer.stride), Pair(layer.padding!), Pair(layer.dilation), layer.padding_mode, layer.groups, hasBias, device, type),
            2 => nn.Conv2d(inputs, outputs, Pair(layer.kernel_size), layer.padding_type ?? Padding.Valid, Pair(layer.stride), Pair(layer.dilation), layer.padding_mode, layer.groups, hasBias, device, type),
            _ when isGiven => nn.Conv3d(inputs, outputs, Triple(layer.kernel_size), Triple(layer.stride), Triple(layer.padding!), Triple(layer.dilation), layer.padding_mode, layer.groups, hasBias, device, type),
            _ => nn.Conv3d(inputs, outputs, Triple(layer.kernel_size), layer.padding_type ?? Padding.Valid, Triple(layer.stride), Triple(layer.dilation), layer.padding_mode, layer.groups, hasBias, device, type),
        };
    }

    private static (long, long) Pair(long[] sizes) => (sizes[0], sizes[1]);

    private static (long, long, long) Triple(long[] sizes) => (sizes[0], sizes[1], sizes[2]);

    /// <summary>The layer with a weight for each row: weights are (N, …) and biases (N, out).</summary>
    public Tensor CallPerRow(Tensor input, Tensor weights, Tensor? biases)
    {
        bool batched = IsBatched(input);
        Tensor rows = batched ? input : input.unsqueeze(0);
        Tensor output = _convolution is null ? LinearPerRow(rows, weights, biases) : ConvolvePerRow(rows, weights, biases);
        return batched ? output : output.squeeze(0);
    }

    private static Tensor LinearPerRow(Tensor input, Tensor weights, Tensor? biases)
    {
        long[] shape = TensorMemory.Shape(input);
        long perRow = shape[1..^1].Aggregate(1L, static (product, size) => product * size);
        Tensor flat = input.reshape(shape[0], perRow, shape[^1]);
        Tensor output = flat.matmul(weights.transpose(1, 2));
        if (biases is not null)
        {
            // Held: a temporary number can be collected while libtorch reads it.
            using TorchSharp.Scalar one = 1;
            output = output.add(biases.unsqueeze(1), one);
        }

        return output.reshape([.. shape[..^1], weights.size(1)]);
    }

    // The rows become groups of one convolution, each with its own kernels.
    private Tensor ConvolvePerRow(Tensor input, Tensor weights, Tensor? biases)
    {
        long rows = input.size(0);
        if (rows == 0)
        {
            return Call(input, weights.sum(0L), biases?.sum(0L)); // groups cannot be none
        }

        (Tensor padded, long[] padding) = Pad(input);
        long[] shape = TensorMemory.Shape(padded);
        Tensor merged = padded.reshape([1, rows * shape[1], .. shape[2..]]);
        Tensor kernels = weights.reshape([rows * weights.size(1), .. TensorMemory.Shape(weights)[2..]]);
        Tensor output = Convolve(merged, kernels, biases?.reshape(-1), padding, _convolution!.groups * rows); // only called for one
        return output.reshape([rows, weights.size(1), .. TensorMemory.Shape(output)[2..]]);
    }

    private (Tensor Padded, long[] Padding) Pad(Tensor input)
    {
        Convolution layer = _convolution!; // only called for one
        int axes = layer.kernel_size.Length;
        if (layer.padding_mode == PaddingModes.Zeros && layer.padding is long[] zeros)
        {
            return (input, zeros);
        }

        // The last axis comes first, and each has its two ends.
        long[] ends = new long[2 * axes];
        for (int axis = 0; axis < axes; axis++)
        {
            long total = layer.padding is long[] padding ? 2 * padding[axis]
                : layer.padding_type == Padding.Same ? layer.dilation[axis] * (layer.kernel_size[axis] - 1)
                : 0;
            (ends[2 * (axes - 1 - axis)], ends[(2 * (axes - 1 - axis)) + 1]) = (total / 2, total - (total / 2));
        }

        bool isZero = layer.padding_mode == PaddingModes.Zeros;
        return (F.pad(input, ends, isZero ? PaddingModes.Constant : layer.padding_mode), new long[axes]);
    }

    private Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long[] padding, long groups)
    {
        Convolution layer = _convolution!; // only called for one
        return layer.kernel_size.Length switch
        {
            1 => F.conv1d(input, weight, bias, layer.stride[0], padding[0], layer.dilation[0], groups),
            2 => F.conv2d(input, weight, bias, layer.stride, padding, layer.dilation, groups),
            _ => F.conv3d(input, weight, bias, layer.stride, padding, layer.dilation, groups),
        };
    }
}
