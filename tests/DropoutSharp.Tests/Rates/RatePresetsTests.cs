using System.Globalization;
using System.Xml.Linq;

namespace DropoutSharp.Tests;

public sealed class RatePresetsTests
{
    [Fact]
    public void For_EveryKind_NamesARateAVariantAndASource()
    {
        foreach (LayerKind kind in Enum.GetValues<LayerKind>())
        {
            RatePreset preset = RatePresets.For(kind);

            Assert.Equal(kind, preset.Kind);
            Assert.InRange(preset.DropRate.Value, 0.01, 0.5);
            Assert.NotEmpty(preset.Variant);
            Assert.Matches("[12][09][0-9][0-9]", preset.Source);
        }

        Assert.Equal(Enum.GetValues<LayerKind>(), RatePresets.All.Select(preset => preset.Kind));
    }

    [Fact]
    public void For_SrivastavasLayers_KeepsHalfOfTheHiddenUnitsAndFourFifthsOfTheInputs()
    {
        Assert.Equal(0.5, RatePresets.For(LayerKind.FullyConnected).KeepProbability);
        Assert.Equal(0.8, RatePresets.For(LayerKind.Input).KeepProbability);
        Assert.True(RatePresets.For(LayerKind.Convolution).KeepProbability > 0.5);
    }

    [Fact]
    public void LayerKind_Documentation_TellsEachRateAndItsSource()
    {
        Dictionary<string, string> remarks = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "DropoutSharp.xml")).Descendants("member")
            .ToDictionary(member => (string)member.Attribute("name")!, member => (string?)member.Element("remarks") ?? string.Empty);
        foreach (RatePreset preset in RatePresets.All)
        {
            string rate = preset.DropRate.Value.ToString(CultureInfo.InvariantCulture);
            Assert.Equal($"{preset.Variant} {rate}. {preset.Source}.", remarks[$"F:DropoutSharp.LayerKind.{preset.Kind}"]);
        }
    }

    [Fact]
    public void For_UnknownKind_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => RatePresets.For((LayerKind)999));
}
