using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Training;

/// <summary>Small made-up data on which a network learns in a moment.</summary>
internal static class SmallData
{
    /// <summary>Three overlapping clouds of points in the plane, one a class.</summary>
    public static PreparedData Clouds(int rows = 240, ulong seed = 7)
    {
        MaskStream stream = new(seed);
        double[] x = new double[rows], y = new double[rows];
        int[] cloud = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            cloud[i] = i % 3;
            x[i] = stream.Normal(2L * i) + (3 * Math.Cos(cloud[i] * 2.1));
            y[i] = stream.Normal((2L * i) + 1) + (3 * Math.Sin(cloud[i] * 2.1));
        }

        return DataPreparation.Prepare(
            new Dataset("clouds", [new NumberColumn("x", x), new NumberColumn("y", y), new TextColumn("cloud", cloud, ["red", "green", "blue"])]),
            new DatasetOptions { Target = "cloud" });
    }

    /// <summary>A straight line of slope 20 through (0, 100) with normal noise of standard deviation 2, x uniform on (−1, 1).</summary>
    public static PreparedData Line(int rows = 240, ulong seed = 7)
    {
        MaskStream position = new(seed), noise = new(seed, Site: 1);
        double[] x = [.. Enumerable.Range(0, rows).Select(i => (2 * position.Uniform(i)) - 1)];
        double[] y = [.. x.Select((value, i) => 100 + (20 * value) + (2 * noise.Normal(i)))];
        return DataPreparation.Prepare(
            new Dataset("line", [new NumberColumn("x", x), new NumberColumn("y", y)]),
            new DatasetOptions { Target = "y", Task = LearningTask.Regression });
    }

    /// <summary>Images of 6×6 with a bright column or a bright row.</summary>
    public static PreparedData Stripes(int rows = 120, ulong seed = 7)
    {
        MaskStream stream = new(seed);
        float[] pixels = new float[rows * 36];
        int[] kind = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            kind[i] = i % 2;
            int at = (int)(stream.Uniform(i) * 6);
            for (int k = 0; k < 6; k++)
            {
                pixels[(i * 36) + (kind[i] == 0 ? (k * 6) + at : (at * 6) + k)] = 1;
            }
        }

        return DataPreparation.Prepare(
            new Dataset("stripes", [new ImageColumn("image", [1, 6, 6], pixels), new TextColumn("kind", kind, ["column", "row"])]),
            new DatasetOptions { Target = "kind" });
    }
}
