namespace DropoutSharp.Torch;

/// <summary>A chain of which a pass leaves out whole layers.</summary>
internal sealed class PassLayerDrop(string path, LayerDrop module, PassNode[] layers) : PassNode(path)
{
    public override bool IsStochastic => true;

    public override bool IsRowwise => layers.All(static layer => layer.IsRowwise);

    public override IEnumerable<PassNode> Parts => layers;

    public override PassValue Run(PassValue input, PassFrame frame)
    {
        PassValue value = input.Own(frame);
        for (int layer = 0; layer < layers.Length; layer++)
        {
            int number = layer;
            int[] run = [.. Enumerable.Range(0, frame.Count).Where(index => Keeps(frame, index, number))];
            if (run.Length == frame.Count)
            {
                value = layers[layer].Run(value, frame);
            }
            else if (run.Length > 0)
            {
                PassFrame some = frame.With(run);
                PassValue before = value, after = layers[layer].Run(value.Of(run, frame), some);
                value = PassValue.Stack(
                    [.. Enumerable.Range(0, frame.Count).Select(index => Array.IndexOf(run, index) is >= 0 and int place ? after.Of(place, some) : before.Of(index, frame))]);
            }
        }

        value = value.Own(frame);
        return ReferenceEquals(value.Data, input.Data) ? value with { Data = input.Data.alias() } : value;
    }

    public override void Trace(UnitTrace trace, Func<long[], int, int[]?> wanted)
    {
        trace.Diverge();
        for (int layer = 0; layer < layers.Length; layer++)
        {
            if (Keeps(trace.Frame, 0, layer))
            {
                layers[layer].Trace(trace, static (_, _) => null);
            }
        }
    }

    private bool Keeps(PassFrame frame, int index, int layer) => frame.Draw(module.Site, index).Stream.IsKept(layer, module.DropRate);
}
