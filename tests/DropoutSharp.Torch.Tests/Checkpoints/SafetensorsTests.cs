using System.Buffers.Binary;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace DropoutSharp.Torch.Tests.Checkpoints;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public SafetensorsTests() => _path = _folder.File("weights.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_WhatSaveWrote_IsTheSame()
    {
        using DisposeScope scope = NewDisposeScope();
        ScalarType[] types =
        [
            ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16,
            ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64,
        ];
        manual_seed(1);
        List<(string Name, Tensor Tensor)> tensors = [.. types.Select(type => ($"of.{type}", randint(0, 2, [3, 5], ScalarType.Float32).to(type)))];
        tensors.Add(("scalar", tensor(1.5)));
        tensors.Add(("empty", zeros(2, 0, 3)));
        tensors.Add(("transposed", randn(4, 6).t()));
        tensors.Add(("needs a gradient; \"quotes\", ünïcode", randn(7).requires_grad_(true)));
        Dictionary<string, string> metadata = new() { ["format"] = "pt", ["note"] = "zwölf \u0001" };

        Safetensors.Save(_path, tensors, metadata);
        using SafetensorsFile file = Safetensors.Load(_path, requireChecksum: true);

        Assert.True(file.HasChecksum);
        Assert.Equal(metadata, file.Metadata);
        Assert.Equal(tensors.Select(entry => entry.Name).Order(), file.Tensors.Keys.Order());
        foreach ((string name, Tensor tensor) in tensors)
        {
            Assert.Equal(tensor.dtype, file.Tensors[name].dtype);
            Assert.Equal(tensor.shape, file.Tensors[name].shape);
            Assert.True(tensor.Equals(file.Tensors[name]), name);
        }

        Assert.Equal([_path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Save_AnyFile_StartsDataAtAMultipleOfEight()
    {
        using Tensor one = ones(1);
        foreach (int length in Enumerable.Range(1, 9))
        {
            Safetensors.Save(_path, [(new string('n', length), one)]);
            Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(_path)) % 8);
        }
    }

    [Fact]
    public void Load_FileOfAnotherProgram_IsReadWithoutChecksum()
    {
        // Two floats, written by hand to the letter of the format, padded with spaces.
        Write("""{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}   """, [0, 0, 128, 63, 0, 0, 0, 64]);
        using SafetensorsFile file = Safetensors.Load(_path);
        Assert.False(file.HasChecksum);
        Assert.Equal(1f, file.Tensors["a"].item<float>());
        Assert.Equal(2f, file.Tensors["b"].item<float>());
        Assert.Contains("checksum", Refusal(requireChecksum: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "shape [2] with 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "unused bytes before tensor \"a\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "overlapping data before tensor \"b\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "Duplicate")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "cut short")]
    [InlineData("""{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}""", 4, "type F4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "something other than")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4, "something other than")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", 4, "something other than")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "something other than")]
    [InlineData("""{"a":[]}""", 0, "something other than")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,4]}}""", 4, "bytes of data")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}""", 4, "truth value")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "no text")]
    [InlineData("""{"__metadata__":"a"}""", 0, "no object")]
    [InlineData("""{"__metadata__":{"checksum_algorithm":"sha256"}}""", 0, "damaged checksum entry")]
    [InlineData("""{"__metadata__":{"checksum_algorithm":"md5","checksum":"0000000000000000000000000000000000000000000000000000000000000000"}}""", 0, "damaged checksum entry")]
    [InlineData("""{"__metadata__":{"checksum_algorithm":"sha256","checksum":"0000000000000000000000000000000000000000000000000000000000000000"}}""", 0, "does not fit its checksum")]
    [InlineData("""{"a":""", 0, "no valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "no valid JSON")]
    [InlineData("""{} {}""", 0, "no valid JSON")]
    [InlineData(""" {}""", 0, "no JSON object")]
    [InlineData("""[]""", 0, "no JSON object")]
    [InlineData("", 0, "no JSON object")]
    public void Load_HeaderThatLies_IsRefusedWithAWord(string header, int dataLength, string word)
    {
        Write(header, [.. Enumerable.Repeat((byte)7, dataLength)]);
        string refusal = Refusal();
        Assert.StartsWith(_path, refusal, StringComparison.Ordinal);
        Assert.Contains(word, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void Load_ShorterThanItsLength_IsRefused(int length)
    {
        File.WriteAllBytes(_path, [.. new byte[] { 9, 0, 0, 0, 0, 0, 0, 0 }[..length]]);
        Assert.Contains("cut short", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HeaderOfMoreThanTheLimit_IsRefusedUnread()
    {
        File.WriteAllBytes(_path, [255, 255, 255, 255, 255, 255, 255, 255, .. "{}"u8]);
        Assert.Contains("no safetensors file", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_SaysSo() => Assert.Contains("does not exist", Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Load_EverySingleBitFlipped_IsRefused()
    {
        byte[] good = WriteSmallFile();
        long live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            AssertRefused(bad);
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Load_CutAnywhereOrContinued_IsRefused()
    {
        byte[] good = WriteSmallFile();
        for (int length = 0; length < good.Length; length++)
        {
            AssertRefused(good[..length]);
        }

        AssertRefused([.. good, 0]);
        Safetensors.Load(_path).Dispose();
    }

    [Fact]
    public void Save_WrongNamesOrTypes_AreRefused()
    {
        using Tensor one = ones(1), complex = zeros(1, ScalarType.ComplexFloat32);
        Assert.Throws<ArgumentException>(() => Safetensors.Save(_path, [("a", one), ("a", one)]));
        Assert.Throws<ArgumentException>(() => Safetensors.Save(_path, [("__metadata__", one)]));
        Assert.Throws<ArgumentException>(() => Safetensors.Save(_path, [("a", complex)]));
        Assert.Throws<ArgumentException>(() => Safetensors.Save(_path, [("a", one)], new Dictionary<string, string> { ["checksum"] = "" }));
        Assert.False(File.Exists(_path));
    }

    [Fact]
    public void Save_FolderIsMissing_NamesTheFile()
    {
        using Tensor one = ones(1);
        string path = _folder.File("none/weights.safetensors");
        Assert.StartsWith(path, Assert.Throws<CheckpointException>(() => Safetensors.Save(path, [("a", one)])).Message, StringComparison.Ordinal);
    }

    private void AssertRefused(byte[] content) =>
        Assert.Throws<CheckpointException>(() => Safetensors.Load(new MemoryStream(content), _path, requireChecksum: false));

    private byte[] WriteSmallFile()
    {
        using Tensor weight = arange(3).to(ScalarType.Float32), flag = tensor(true);
        Safetensors.Save(_path, [("w", weight), ("f", flag)], new Dictionary<string, string> { ["v"] = "1" });
        return File.ReadAllBytes(_path);
    }

    private void Write(string header, byte[] data)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, bytes.Length);
        File.WriteAllBytes(_path, [.. length, .. bytes, .. data]);
    }

    private string Refusal(bool requireChecksum = false) =>
        Assert.Throws<CheckpointException>(() => Safetensors.Load(_path, requireChecksum)).Message;
}
