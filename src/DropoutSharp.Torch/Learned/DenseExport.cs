using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DropoutSharp.Torch;

/// <summary>Turns a pruned chain of linear layers into a smaller one that predicts the same in evaluation.</summary>
/// <remarks>
/// A hidden unit that nothing reads is left out. One that reads nothing has a constant activation, which goes into the next layer's biases, and is left out too. Both
/// are repeated until nothing changes: a unit that is gone may have been the last reader of another.
/// </remarks>
public static class DenseExport
{
    /// <summary>The smaller model.</summary>
    /// <param name="chain">
    /// Linear and variational linear layers with elementwise activations between them, in order. Dropout, concrete dropout and Identity are left out, as evaluation
    /// passes them by; a leading Flatten stays.
    /// </param>
    /// <returns>A chain of plain linear layers and the same activations, which are shared with the given chain.</returns>
    /// <exception cref="ArgumentException">A module is of another kind, or there is no linear layer; the message names it.</exception>
    public static Sequential Shrink(Sequential chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Part[] parts = [.. chain.named_children().SelectMany(child => Read(child.name, child.module))];
        Part[] layers = [.. parts.Where(part => part.Weight is not null)];
        if (layers.Length == 0)
        {
            throw new ArgumentException("Shrinking needs a chain with at least one linear layer; received none.", nameof(chain));
        }

        while (Shrink(parts, layers))
        {
        }

        List<(string, nn.Module<Tensor, Tensor>)> modules = [];
        foreach (Part part in parts)
        {
            if (part.Weight is null)
            {
                modules.Add((part.Name, part.Module!));
                continue;
            }

            modules.Add((part.Name, WeightedLayer.CreateLinear(part.Weight, part.Bias)));
        }

        return nn.Sequential(modules);
    }

    private static IEnumerable<Part> Read(string name, nn.Module module)
    {
        switch (module)
        {
            case ConcreteDropout concrete:
                return concrete.named_children().Where(child => child.name == "layer").SelectMany(child => Read(name, child.module));
            case Sequential inner:
                return inner.named_children().SelectMany(child => Read($"{name}_{child.name}", child.module));
            case VariationalLinear variational:
                return [new Part(name, null, variational.Weight * variational.Kept, Bias(variational.Bias, variational.Weight))];
            case Linear linear:
                return [new Part(name, null, linear.weight!.clone(), Bias(linear.bias, linear.weight))];
            case DropoutModule or Identity:
                return [];
            case ReLU or ReLU6 or LeakyReLU or ELU or SELU or CELU or GELU or SiLU or Mish or Tanh or Sigmoid or Softplus or Softsign or Hardswish or Hardtanh or Flatten:
                return [new Part(name, (nn.Module<Tensor, Tensor>)module, null, null)];
            default:
                return TorchDropouts.Rate(module) is not null ? [] : throw new ArgumentException(
                    $"Shrinking needs a chain of linear layers, elementwise activations and dropout; received {module.GetType().Name} at \"{name}\".", "chain");
        }
    }

    private static Tensor Bias(Tensor? bias, Tensor weight) => bias is null ? zeros(weight.size(0), weight.dtype, weight.device) : bias.clone();

    private static bool Shrink(Part[] parts, Part[] layers)
    {
        bool changed = false;
        for (int i = 0; i + 1 < layers.Length; i++)
        {
            Part layer = layers[i], next = layers[i + 1];
            Tensor isRead = next.Weight!.to(ScalarType.Bool).any(0), reads = layer.Weight!.to(ScalarType.Bool).any(1);
            Tensor stays = isRead.logical_and(reads);
            if (stays.all().item<bool>())
            {
                continue;
            }

            // What units without inputs say, they say always.
            Tensor constant = layer.Bias!;
            foreach (Part between in parts.SkipWhile(part => part != layer).Skip(1).TakeWhile(part => part != next))
            {
                constant = between.Module!.call(constant.unsqueeze(0)).squeeze(0);
            }

            constant = where(reads, zeros_like(constant), constant);
            next.Bias = next.Bias!.Plus(next.Weight.matmul(constant));
            Tensor index = stays.nonzero().squeeze(1);
            if (index.numel() == 0)
            {
                // A layer of no units cannot be: one stays that is not read.
                index = zeros([1], ScalarType.Int64);
                next.Weight = zeros_like(next.Weight);
            }

            changed |= index.numel() < layer.Weight.size(0);
            layer.Weight = layer.Weight.index_select(0, index);
            layer.Bias = layer.Bias!.index_select(0, index);
            next.Weight = next.Weight.index_select(1, index);
        }

        return changed;
    }

    private sealed class Part(string name, nn.Module<Tensor, Tensor>? module, Tensor? weight, Tensor? bias)
    {
        public string Name => name;

        public nn.Module<Tensor, Tensor>? Module => module;

        public Tensor? Weight { get; set; } = weight;

        public Tensor? Bias { get; set; } = bias;
    }
}
