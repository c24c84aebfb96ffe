using DropoutSharp.Lab.Data;
using DropoutSharp.Lab.Networks;
using DropoutSharp.Lab.Training;
using DropoutSharp.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Lab.Models;

/// <summary>Builds the network that is an ensemble of sub-networks of another.</summary>
internal static class EnsembleNetwork
{
    /// <summary>Builds it.</summary>
    /// <param name="description">The whole network's description, with the ensemble's.</param>
    /// <param name="whole">The network whose weights the members take; null leaves them as they come, to be loaded.</param>
    /// <exception cref="UserErrorException">The network has no sub-networks that can stand alone; the message says why.</exception>
    public static Network Create(ModelDescription description, Network? whole)
    {
        EnsembleDescription ensemble = description.Ensemble!; // the callers describe one
        NetworkBlueprint blueprint = description.Blueprint;
        TrialKeys keys = new(description.Seed);
        long[] rowShape = [.. blueprint.RowShape.Select(static size => (long)size)];
        List<nn.Module<Tensor, Tensor>> members = [];
        using DisposeScope scope = NewDisposeScope();
        foreach (int pass in ensemble.Passes)
        {
            // Each member has a network of its own, as layers that keep all their units go over to it.
            Network network = blueprint.Build(keys.Weights, keys.Masks);
            Copy(whole, network);
            try
            {
                members.Add(SubNetwork.OfPass(network, ensemble.Seed, pass, rowShape));
            }
            catch (ArgumentException exception)
            {
                throw new UserErrorException(
                    $"An ensemble of sub-networks needs dropout that takes whole units out, such as variant dropout on network mlp; received variant {blueprint.Variant} on network {blueprint.Network.Kind}: "
                    + exception.Message.Split(" (Parameter")[0], exception);
            }
        }

        SubNetworkEnsemble together = new(members, description.Encoder.Target.Task == LearningTask.Classification);
        foreach (Tensor tensor in together.parameters().Concat(together.buffers()))
        {
            tensor.DetachFromDisposeScope();
        }

        Network result = new([("ensemble", together)], $"{members.Count} sub-networks");
        result.eval();
        return result;
    }

    private static void Copy(Network? from, Network to)
    {
        if (from is null)
        {
            return;
        }

        using IDisposable noGradient = no_grad();
        Dictionary<string, Tensor> values = from.state_dict();
        foreach ((string name, Tensor tensor) in to.state_dict())
        {
            tensor.copy_(values[name]);
        }
    }
}
