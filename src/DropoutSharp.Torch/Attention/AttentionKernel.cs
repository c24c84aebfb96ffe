namespace DropoutSharp.Torch;

/// <summary>Attention with dropout of its weights, head by head: a block of weights lives in the caches only, and never in memory.</summary>
/// <remarks>After Dao, Fu, Ermon, Rudra and Ré, "FlashAttention", NeurIPS 2022; here whole rows of weights fit the caches, so that their softmax needs no running maximum.</remarks>
/// <param name="shape">How large it is.</param>
/// <param name="dropRate">The probability that a weight is dropped.</param>
/// <param name="scale">What kept weights are multiplied with.</param>
/// <param name="stream">The mask's position.</param>
/// <param name="firstElement">The index, in the whole mask, of the first weight.</param>
internal sealed unsafe class AttentionKernel(AttentionShape shape, DropRate dropRate, double scale, MaskStream stream, long firstElement)
{
    /// <summary>How many weights a block has at most: 512 KiB of them, half of what two blocks leave of a usual second cache.</summary>
    private const int MostWeights = 1 << 17;

    private readonly int _stride = (shape.Keys + AttentionBlock.Lanes - 1) / AttentionBlock.Lanes * AttentionBlock.Lanes;

    /// <summary>How many queries a block has.</summary>
    private int BlockRows => Math.Clamp(MostWeights / _stride, 1, shape.Queries);

    /// <summary>Where what is added to the scores lies: (N, heads, T, S), with rows one behind the other; none where <see cref="HasBias"/> is false.</summary>
    public Heads Bias { get; init; }

    /// <summary>Whether something is added to the scores.</summary>
    public bool HasBias { get; init; }

    /// <summary>The forward pass.</summary>
    /// <param name="query">The queries.</param>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    /// <param name="output">Receives the results.</param>
    /// <param name="maxima">Receives the largest score of each query.</param>
    /// <param name="inverses">Receives what each query's weights are multiplied with.</param>
    public void Forward(Heads query, Heads key, Heads value, Heads output, float* maxima, float* inverses)
    {
        int blockRows = BlockRows, blocks = (shape.Queries + blockRows - 1) / blockRows;
        AttentionThreads.Run(shape.Rows * shape.Heads * blocks, shape.Weights, item =>
        {
            (long headNumber, int first) = (item / blocks, (int)(item % blocks) * blockRows);
            (long row, long head) = (headNumber / shape.Heads, headNumber % shape.Heads);
            int rows = Math.Min(blockRows, shape.Queries - first);
            AttentionBlock block = Block(AttentionScratch.Mine((long)blockRows * _stride), row, head, first, rows);
            var scores = new Matrix(block.Scores, _stride);
            long at = (headNumber * shape.Queries) + first;
            MatrixProduct.Run(query.Of(row, head).From(first), key.Of(row, head).Transposed, scores, rows, block.Width, shape.Width, (float)shape.Scale);
            DropoutPrimitives.SoftmaxDropout(block, maxima + at, inverses + at, dropRate, stream);
            Matrix result = output.Of(row, head).From(first);
            MatrixProduct.Run(scores, value.Of(row, head), result, rows, shape.ValueWidth, block.Width);
            DropoutPrimitives.MultiplyRows(result.Start, result.Stride, rows, shape.ValueWidth, inverses + at, scale);
        });
    }

    /// <summary>The backward pass.</summary>
    /// <param name="query">The queries.</param>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    /// <param name="output">What the forward pass gave.</param>
    /// <param name="gradient">The gradient of that.</param>
    /// <param name="ofQuery">Receives the queries' gradient.</param>
    /// <param name="ofKey">Receives the keys' gradient.</param>
    /// <param name="ofValue">Receives the values' gradient.</param>
    /// <param name="maxima">What the forward pass gave.</param>
    /// <param name="inverses">What the forward pass gave.</param>
    public void Backward(
        Heads query, Heads key, Heads value, Heads output, Heads gradient, Heads ofQuery, Heads ofKey, Heads ofValue, float* maxima, float* inverses)
    {
        int blockRows = BlockRows;
        AttentionThreads.Run(shape.Rows * shape.Heads, shape.Weights, headNumber =>
        {
            (long row, long head) = (headNumber / shape.Heads, headNumber % shape.Heads);
            Matrix q = query.Of(row, head), k = key.Of(row, head), v = value.Of(row, head), result = output.Of(row, head), upstream = gradient.Of(row, head);
            Matrix dq = ofQuery.Of(row, head), dk = ofKey.Of(row, head), dv = ofValue.Of(row, head);
            long size = (long)blockRows * _stride;
            float* scratch = AttentionScratch.Mine((2 * size) + blockRows);
            float* products = scratch + (2 * size);
            Matrix weights = new(scratch, _stride), gradients = new(scratch + size, _stride);
            if (shape.IsCausal)
            {
                Clear(dk, shape.Width);
                Clear(dv, shape.ValueWidth);
            }

            for (int first = 0; first < shape.Queries; first += blockRows)
            {
                int rows = Math.Min(blockRows, shape.Queries - first);
                AttentionBlock block = Block(scratch, row, head, first, rows);
                long at = (headNumber * shape.Queries) + first;
                Matrix someResults = result.From(first), someGradients = upstream.From(first), someQueries = q.From(first);
                MatrixProduct.Run(someQueries, k.Transposed, weights, rows, block.Width, shape.Width, (float)shape.Scale);
                MatrixProduct.Run(someGradients, v.Transposed, gradients, rows, block.Width, shape.ValueWidth);
                DropoutPrimitives.RowProducts(someResults.Start, someResults.Stride, someGradients.Start, someGradients.Stride, rows, shape.ValueWidth, products);
                DropoutPrimitives.SoftmaxDropoutGradient(block, gradients.Start, maxima + at, inverses + at, products, dropRate, scale, stream);
                float share = first == 0 && !shape.IsCausal ? 0 : 1;
                MatrixProduct.Run(weights.Transposed, someGradients, dv, block.Width, shape.ValueWidth, rows, 1, share);
                MatrixProduct.Run(gradients, k, dq.From(first), rows, shape.Width, block.Width, (float)shape.Scale);
                MatrixProduct.Run(gradients.Transposed, someQueries, dk, block.Width, shape.Width, rows, (float)shape.Scale, share);
            }
        });
    }

    private AttentionBlock Block(float* scores, long row, long head, int first, int rows)
    {
        Matrix bias = HasBias ? Bias.Of(row, head) : default;
        return new AttentionBlock
        {
            Scores = scores,
            Stride = _stride,
            Rows = rows,
            Columns = shape.Keys,
            Width = shape.IsCausal ? Math.Min(shape.Keys, first + rows) : shape.Keys,
            Visible = shape.IsCausal ? first + 1 : null,
            Bias = HasBias ? bias.Start + ((long)first * bias.Stride) : null,
            BiasStride = bias.Stride,
            FirstElement = firstElement + ((((row * shape.Heads) + head) * shape.Queries) + first) * shape.Keys,
        };
    }

    /// <summary>Keys that no query sees have gradients of 0.</summary>
    private void Clear(Matrix keys, int width)
    {
        for (int key = 0; key < shape.Keys; key++)
        {
            new Span<float>(keys.From(key).Start, width).Clear();
        }
    }
}
