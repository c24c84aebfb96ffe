using TorchSharp;

namespace DropoutSharp.Lab.Networks;

// A stand-in until the Torch project's modules are here.
internal sealed class MaskedDropout(DropoutSite site) : torch.nn.Module<torch.Tensor, torch.Tensor>("dropout")
{
    private uint _step;

    public override torch.Tensor forward(torch.Tensor input)
    {
        if (!training)
        {
            return input.alias();
        }

        MaskStream stream = new(site.Key, _step++, site.Number);
        float[] mask = new float[input.numel()];
        ulong threshold = site.Rate.KeepThreshold;
        for (int i = 0; i < mask.Length; i++)
        {
            mask[i] = stream.IsKept(i, site.Rate) ? (float)site.Rate.InvertedScale : 0;
        }

        return input * torch.tensor(mask).reshape(input.shape);
    }
}
