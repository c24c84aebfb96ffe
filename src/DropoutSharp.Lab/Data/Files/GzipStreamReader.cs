using System.IO.Compression;

namespace DropoutSharp.Lab.Data;

/// <summary>Decompresses gzip and notices where the file ends early, which <see cref="GZipStream"/> alone passes over in silence.</summary>
/// <remarks>
/// A small gzip member of known content is put behind the file. It comes out last, and is held back here, only if all members before it
/// were whole: the end of a cut one would swallow it.
/// </remarks>
internal sealed class GzipStreamReader : Stream
{
    private static readonly byte[] Seal = [0x9E, 0x37, 0x79, 0xB9, 0x7F, 0x4A, 0x7C, 0x15, 0xF3, 0x9C, 0xC0, 0x60, 0x5C, 0xED, 0xC8, 0x34];
    private static readonly byte[] SealMember = Compress(Seal);

    private readonly GZipStream _gzip;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _atEnd;

    /// <summary>Decompresses a stream and closes it at the end.</summary>
    /// <param name="source">One or more gzip members.</param>
    public GzipStreamReader(Stream source) =>
        _gzip = new GZipStream(new Chain(source, new MemoryStream(SealMember)), CompressionMode.Decompress);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="InvalidDataException">The file is damaged or ends early.</exception>
    public override int Read(Span<byte> buffer)
    {
        Fill();
        int count = Math.Min(buffer.Length, _end - _start - Seal.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads to the end, and so checks all of it.</summary>
    public void Drain()
    {
        do
        {
            _start = Math.Max(_start, _end - Seal.Length);
            Fill();
        }
        while (_end - _start > Seal.Length);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Fill()
    {
        if (_atEnd || _end - _start > Seal.Length)
        {
            return;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        int read = _gzip.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
        _atEnd = read < _buffer.Length - _end;
        _end += read;
        if (_atEnd && !_buffer.AsSpan(0, _end).EndsWith(Seal))
        {
            throw new InvalidDataException("The gzip file ends early.");
        }
    }

    private static byte[] Compress(byte[] content)
    {
        using MemoryStream result = new();
        using (GZipStream gzip = new(result, CompressionLevel.NoCompression))
        {
            gzip.Write(content);
        }

        return result.ToArray();
    }

    /// <summary>One stream after the other.</summary>
    private sealed class Chain(Stream first, Stream second) : Stream
    {
        private bool _atSecond;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int read = _atSecond ? 0 : first.Read(buffer);
            _atSecond |= read == 0 && buffer.Length > 0;
            return _atSecond ? second.Read(buffer) : read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
                second.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
