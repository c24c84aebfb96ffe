using System.Buffers.Binary;
using System.Text;

namespace DropoutSharp.Torch;

/// <summary>What a 64-bit little-endian ELF library asks of the system: other libraries, and versions of their symbols.</summary>
/// <remarks>Everything is found through the section headers and checked against the file's length; nothing is assumed about offsets.</remarks>
internal sealed class ElfFile
{
    private const uint SymbolTable = 11, RelocationsWithAddend = 4, Relocations = 9, Dynamic = 6;
    private const uint NeededVersionTable = 0x6FFFFFFE, SymbolVersions = 0x6FFFFFFF;
    private const ushort Weak = 2;

    private readonly byte[] _bytes;
    private readonly List<Section> _sections = [];

    /// <summary>Reads the tables of a library.</summary>
    /// <param name="bytes">The whole file. <see cref="WeakenUnusedVersions"/> works on a copy of it.</param>
    /// <exception cref="InvalidDataException">The bytes are no 64-bit little-endian ELF file, or its tables point outside it.</exception>
    public ElfFile(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 64 || !bytes.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("it is no 64-bit little-endian ELF file");
        }

        ulong table = U64(0x28);
        int size = U16(0x3A), count = U16(0x3C);
        for (int i = 0; i < count; i++)
        {
            ulong at = table + ((ulong)i * (ulong)size);
            _sections.Add(new Section(U32(at + 4), U64(at + 24), U64(at + 32), U32(at + 40)));
        }

        Machine = U16(0x12);
        Versions = ReadVersions();
    }

    /// <summary>The processor that the file was built for: 62 is x86-64, 183 is 64-bit ARM.</summary>
    public int Machine { get; }

    /// <summary>Every version of a symbol that the loader must find in another library.</summary>
    public IReadOnlyList<NeededVersion> Versions { get; }

    /// <summary>The names of the libraries that must be loaded first.</summary>
    public IReadOnlyList<string> NeededLibraries()
    {
        const ulong needed = 1;
        List<string> names = [];
        foreach (Section section in _sections.Where(section => section.Type == Dynamic))
        {
            for (ulong at = section.Offset; at + 16 <= section.Offset + section.Size; at += 16)
            {
                if (U64(at) == needed)
                {
                    names.Add(Text(section.Link, U64(at + 8)));
                }
            }
        }

        return names;
    }

    /// <summary>
    /// A copy in which each version of a library that no relocation asks for is marked as weak, so that the loader accepts a system without it.
    /// </summary>
    /// <param name="library">Which library's versions, such as <c>libstdc++.so.6</c>.</param>
    /// <returns>The copy, or null where there is nothing to mark.</returns>
    /// <remarks>A symbol without a relocation is never called, so a library that lacks it lacks nothing.</remarks>
    public byte[]? WeakenUnusedVersions(string library)
    {
        HashSet<int> used = VersionsInUse();
        byte[]? copy = null;
        foreach (NeededVersion version in Versions.Where(v => v.Library == library && !v.IsWeak && !used.Contains(v.Index)))
        {
            copy ??= (byte[])_bytes.Clone();
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(version.FlagsOffset), (ushort)(version.Flags | Weak));
        }

        return copy;
    }

    private List<NeededVersion> ReadVersions()
    {
        List<NeededVersion> versions = [];
        foreach (Section section in _sections.Where(section => section.Type == NeededVersionTable))
        {
            ulong entry = section.Offset;
            for (uint next = 1; next != 0 && versions.Count < 0x10000; entry += next)
            {
                string library = Text(section.Link, U32(entry + 4));
                ulong auxiliary = entry + U32(entry + 8);
                for (int i = 0, count = U16(entry + 2); i < count; i++)
                {
                    versions.Add(new NeededVersion(
                        library, Text(section.Link, U32(auxiliary + 8)), U16(auxiliary + 6) & 0x7FFF, U16(auxiliary + 4), (int)(auxiliary + 4)));
                    auxiliary += U32(auxiliary + 12);
                }

                next = U32(entry + 12);
            }
        }

        return versions;
    }

    private HashSet<int> VersionsInUse()
    {
        HashSet<int> used = [];
        Section symbolVersions = _sections.FirstOrDefault(section => section.Type == SymbolVersions);
        foreach (Section section in _sections.Where(section => section.Type is RelocationsWithAddend or Relocations))
        {
            ulong size = section.Type == RelocationsWithAddend ? 24u : 16u;
            for (ulong at = section.Offset; at + size <= section.Offset + section.Size; at += size)
            {
                ulong symbol = U64(at + 8) >> 32;
                if (symbol != 0 && symbolVersions.Size != 0 && _sections[(int)section.Link].Type == SymbolTable)
                {
                    used.Add(U16(symbolVersions.Offset + (2 * symbol)) & 0x7FFF);
                }
            }
        }

        return used;
    }

    private string Text(uint section, ulong offset)
    {
        if (section >= _sections.Count)
        {
            throw Outside();
        }

        ReadOnlySpan<byte> rest = Slice(_sections[(int)section].Offset + offset, 1, toTheEnd: true);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? throw Outside() : Encoding.UTF8.GetString(rest[..end]);
    }

    private ushort U16(ulong at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, 2));

    private uint U32(ulong at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, 4));

    private ulong U64(ulong at) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(at, 8));

    private ReadOnlySpan<byte> Slice(ulong at, int count, bool toTheEnd = false) =>
        at > (ulong)_bytes.Length || (ulong)_bytes.Length - at < (ulong)count
            ? throw Outside()
            : toTheEnd ? _bytes.AsSpan((int)at) : _bytes.AsSpan((int)at, count);

    private static InvalidDataException Outside() => new("its tables point outside the file");

    private readonly record struct Section(uint Type, ulong Offset, ulong Size, uint Link);

    /// <summary>One version of a symbol that another library must have.</summary>
    /// <param name="Library">The library, such as <c>libstdc++.so.6</c>.</param>
    /// <param name="Version">The version, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <param name="Index">By which number the symbol table names it.</param>
    /// <param name="Flags">The entry's flags.</param>
    /// <param name="FlagsOffset">Where in the file the flags are, in bytes.</param>
    internal readonly record struct NeededVersion(string Library, string Version, int Index, ushort Flags, int FlagsOffset)
    {
        /// <summary>Whether a system without it is accepted.</summary>
        public bool IsWeak => (Flags & Weak) != 0;
    }
}
