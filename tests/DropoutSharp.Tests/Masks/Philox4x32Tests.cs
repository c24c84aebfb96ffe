namespace DropoutSharp.Tests.Masks;

public sealed class Philox4x32Tests
{
    /// <summary>The known answers of Random123 1.14, tests/kat_vectors.</summary>
    public static TheoryData<uint[], uint[], uint[]> KnownAnswers => new()
    {
        { [0, 0, 0, 0], [0, 0], [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8] },
        { [~0u, ~0u, ~0u, ~0u], [~0u, ~0u], [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD] },
        {
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
        },
    };

    [Theory]
    [MemberData(nameof(KnownAnswers))]
    public void Draw_KnownCounter_GivesKnownAnswer(uint[] counter, uint[] key, uint[] expected)
    {
        PhiloxWords words = Philox4x32.Draw(new PhiloxWords(counter[0], counter[1], counter[2], counter[3]), key[0] | (ulong)key[1] << 32);

        Assert.Equal(new PhiloxWords(expected[0], expected[1], expected[2], expected[3]), words);
    }
}
