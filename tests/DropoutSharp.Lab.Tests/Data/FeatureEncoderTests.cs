using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class FeatureEncoderTests
{
    private static readonly DatasetOptions Options = new() { MinimumLevelRows = 2, MaximumLevels = 3 };

    private static readonly Gen<double> SomeNumber = Gen.OneOf(Gen.Double[-1e3, 1e3], Gen.Int[-3, 3].Select(i => (double)i), Gen.Const(double.NaN), Gen.Double[-1e300, 1e300]);

    private static readonly Gen<Dataset> Datasets =
        from rows in Gen.Int[20, 60]
        from numbers in SomeNumber.Array[rows]
        from truths in Gen.SByte[-1, 1].Array[rows]
        from codes in Gen.Int[-1, 5].Array[rows]
        from times in Gen.OneOf(Gen.Long[0, 4_000_000_000_000_000], Gen.Const(TimeColumn.Missing)).Array[rows]
        select new Dataset("generated",
        [
            new NumberColumn("number", numbers), new BooleanColumn("truth", truths), new TextColumn("text", codes, ["a", "b", "c", "d", "e", "f"]),
            new TimeColumn("time", times), new NumberColumn("y", [.. Enumerable.Range(0, rows).Select(i => i % 7 / 2.0)]),
        ]);

    private static readonly TargetEncoder Target = new("y", LearningTask.Regression, [], 1, 2);

    [Fact]
    public void Fit_OtherValuesInRowsThatAreNotTrainedOn_LearnsTheSame() => Gen.Select(Datasets, Datasets).Sample((a, b) =>
    {
        int train = Math.Min(a.RowCount, b.RowCount) / 2;
        Dataset mixed = a.With([.. a.Columns.Zip(b.Columns, (first, second) => Mix(first, second, train))]);
        Assert.Equal(Learn(a, train), Learn(mixed, train));
    }, iter: 200);

    [Fact]
    public void FromJson_WhatToJsonGave_EncodesTheSame() => Datasets.Sample(dataset =>
    {
        if (TryFit(dataset, dataset.RowCount / 2) is not { } encoder)
        {
            return;
        }

        FeatureEncoder back = FeatureEncoder.FromJson(JsonDocument.Parse(encoder.ToJson().GetRawText()).RootElement);
        int[] rows = [.. Enumerable.Range(0, dataset.RowCount)];
        EncodedRows first = encoder.Encode(dataset, rows), second = back.Encode(dataset, rows);
        Assert.Equal(first.Features, second.Features);
        Assert.Equal(first.Targets, second.Targets);
        Assert.Equal(encoder.FeatureNames, back.FeatureNames);
    }, iter: 200);

    [Fact]
    public void Encode_AnyRows_GivesFiniteNumbersThatDoNotDependOnTheOtherRows() => Datasets.Sample(dataset =>
    {
        if (TryFit(dataset, dataset.RowCount / 2) is not { } encoder)
        {
            return;
        }

        int[] rows = [.. Enumerable.Range(0, dataset.RowCount)];
        EncodedRows all = encoder.Encode(dataset, rows);
        Assert.All(all.Features, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(all.Features[^encoder.FeatureNames.Count..], encoder.Encode(dataset, [rows[^1]]).Features);
        Assert.Equal(dataset.RowCount * encoder.FeatureNames.Count, all.Features.Length);
    }, iter: 200);

    [Fact]
    public void Encode_Numbers_StandardisesWithTheTrainingRowsAndMarksMissingOnes()
    {
        NumberColumn column = new("a", [1, 3, double.NaN, 8, 1000, double.NaN]);
        (FeatureEncoder encoder, List<string> notes) = Fit(4, column);

        // Of the training values 1, 3, 8 the mean is 4, the median 3 and the variance 26/3.
        double scale = Math.Sqrt(26 / 3.0);
        float[] features = encoder.Encode(Data(column), [0, 2, 4]).Features;
        Assert.Equal(["a", "a is missing"], encoder.FeatureNames);
        Assert.Equal([(float)(-3 / scale), 0, (float)(-1 / scale), 1, (float)(996 / scale), 0], features);
        Assert.Contains("Column 'a': a missing value, in 1 training row, was replaced by the median, 3, and marked by a feature.", notes);
    }

    [Fact]
    public void Encode_MissingNumberThatTrainingNeverMissed_TakesTheMedianWithoutAMark()
    {
        NumberColumn column = new("a", [1, 3, 8, 8.5, double.NaN]);
        (FeatureEncoder encoder, _) = Fit(4, column);

        Assert.Equal(["a"], encoder.FeatureNames);
        Assert.Equal((float)((5.5 - 5.125) / Math.Sqrt((4.125 * 4.125 + 2.125 * 2.125 + 2.875 * 2.875 + 3.375 * 3.375) / 4)), encoder.Encode(Data(column), [4]).Features[0], 1e-6f);
    }

    [Fact]
    public void Encode_Categories_PoolsRareOnesAndGivesNewOnesTheirPlace()
    {
        TextColumn column = new("c", [0, 0, 0, 1, 1, 2, 3, -1, 4, -1], ["red", "green", "blue", "pink", "new"]);
        (FeatureEncoder encoder, List<string> notes) = Fit(8, column);

        Assert.Equal(["c = red", "c = green", "c is another", "c is missing"], encoder.FeatureNames);
        Assert.Equal([1, 0, 0, 0, /* pink */ 0, 0, 1, 0, /* missing */ 0, 0, 0, 1, /* new */ 0, 0, 1, 0], encoder.Encode(Data(column), [0, 6, 9, 8]).Features);
        Assert.Contains("Column 'c': 2 rare levels of 4 in 2 training rows share one feature.", notes);
    }

    [Fact]
    public void Encode_NewCategoryWhereNoneWasRare_IsAllZeros()
    {
        TextColumn column = new("c", [0, 0, 1, 1, 2, -1], ["red", "green", "new"]);
        (FeatureEncoder encoder, _) = Fit(4, column);

        Assert.Equal([0, 0, 0, 0], encoder.Encode(Data(column), [4, 5]).Features);
    }

    [Fact]
    public void Encode_MoreLevelsThanAllowed_KeepsTheMostFrequent()
    {
        TextColumn column = new("c", [0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3], ["a", "b", "c", "d"]);
        (FeatureEncoder encoder, _) = Fit(14, column);

        Assert.Equal(["c = d", "c = c", "c = b", "c is another"], encoder.FeatureNames);
    }

    [Fact]
    public void Encode_Truths_AreZeroAndOne()
    {
        BooleanColumn column = new("t", [1, 0, 1, -1, 1, -1]);
        (FeatureEncoder encoder, _) = Fit(5, column);

        Assert.Equal([1, 0, 0, 0, /* missing: more often true */ 1, 1], encoder.Encode(Data(column), [0, 1, 5]).Features);
    }

    [Fact]
    public void Encode_Dates_BecomeThePartsThatVary()
    {
        DateTime[] dates = [new(2020, 1, 6), new(2020, 2, 6), new(2020, 3, 9), new(2020, 12, 31)];
        TimeColumn column = new("d", [.. dates.Select(Microseconds)]);
        (FeatureEncoder encoder, _) = Fit(4, column);

        // All in one year and without a time of day; two Mondays and two Thursdays.
        Assert.Equal(["d: month", "d: day", "d: Monday", "d: Thursday", "d: sine of the year", "d: cosine of the year"], encoder.FeatureNames);
        TimeFeature feature = Assert.IsType<TimeFeature>(encoder.Columns[0]);
        Assert.Equal(4.5, feature.Parts[0].Mean);
        Assert.Equal(0.5, feature.Parts[2].Mean);
        float[] monday = encoder.Encode(Data(column), [2]).Features;
        Assert.Equal((3 - 4.5) / feature.Parts[0].Scale, monday[0], 1e-6);
        Assert.Equal(1, monday[2], 1e-6);
        Assert.Equal(-1, monday[3], 1e-6);
    }

    [Fact]
    public void Encode_Timestamps_HaveTheHourToo()
    {
        DateTime[] dates = [new(2020, 1, 6, 6, 0, 0), new(2021, 1, 6, 18, 30, 0)];
        TimeColumn column = new("d", [.. dates.Select(Microseconds)]);
        (FeatureEncoder encoder, _) = Fit(2, column);

        Assert.Contains("d: hour", encoder.FeatureNames);
        Assert.Contains("d: sine of the day", encoder.FeatureNames);
        Assert.Equal(12.25, Assert.IsType<TimeFeature>(encoder.Columns[0]).Parts.Single(part => part.Part == TimePartKind.Hour).Mean);
    }

    [Theory]
    [InlineData("id", new double[] { 7, 3, 12, 5 }, "it only numbers the rows")]
    [InlineData("customer_id", new double[] { 7, 3, 12, 5 }, "it only numbers the rows")]
    [InlineData("customerId", new double[] { 7, 3, 12, 5 }, "it only numbers the rows")]
    [InlineData("n", new double[] { 1, 2, 3, 4 }, "it only numbers the rows")]
    [InlineData("n", new double[] { 0, 1, 2, 3 }, "it only numbers the rows")]
    [InlineData("n", new double[] { 4, 4, 4, 4 }, "it holds the same value in every training row")]
    [InlineData("n", new[] { double.NaN, double.NaN, double.NaN, double.NaN }, "no training row has a value in it")]
    public void Fit_NumbersThatSayNothing_AreLeftOutWithAWord(string name, double[] values, string why)
    {
        (FeatureEncoder encoder, List<string> notes) = Fit(4, new NumberColumn(name, values), new NumberColumn("b", [1, 4, 9, 2]));

        Assert.Equal(["b"], encoder.FeatureNames);
        Assert.Equal([$"Column '{name}' was left out: {why}."], notes);
        Assert.Equal(why.Contains("numbers") ? [name] : [], encoder.Keys);
    }

    [Theory]
    [InlineData("year", new double[] { 1950, 1951, 1952, 1953 })]
    [InlineData("paid", new double[] { 7, 3, 12, 5 })]
    [InlineData("id", new double[] { 7, 7, 12, 5 })]
    [InlineData("id", new double[] { 7.5, 3, 12, 5 })]
    public void Fit_NumbersThatOnlyLookLikeKeys_AreKept(string name, double[] values) => Assert.Equal([name], Fit(4, new NumberColumn(name, values)).Encoder.FeatureNames);

    [Fact]
    public void Fit_TextsThatAreAllDifferent_AreAKey()
    {
        (FeatureEncoder encoder, List<string> notes) = Fit(4, new TextColumn("name", [0, 1, 2, 3], ["a", "b", "c", "d"]), new NumberColumn("b", [1, 4, 9, 2]));

        Assert.Equal(["Column 'name' was left out: its values are all different."], notes);
        Assert.Equal(["name"], encoder.Keys);
    }

    [Fact]
    public void Fit_TooManyTexts_AreLeftOutWithAWord()
    {
        int[] codes = [.. Enumerable.Range(0, 40).Select(i => i / 2)];
        (FeatureEncoder encoder, List<string> notes) = Fit(40, new TextColumn("t", codes, [.. Enumerable.Range(0, 20).Select(i => $"t{i}")]), new NumberColumn("b", [.. Enumerable.Range(0, 40).Select(i => i * i % 17 / 2.0)]));

        Assert.Equal(["b"], encoder.FeatureNames);
        Assert.Contains("its 20 different texts are too many", Assert.Single(notes));
    }

    [Fact]
    public void Encode_HugeAndTinyNumbers_StayFinite()
    {
        NumberColumn column = new("a", [1e300, -1e300, 1.7e308, 3, 1e-300]);
        (FeatureEncoder encoder, _) = Fit(3, column);
        NumberColumn tiny = new("b", [1e-300, 2e-300, 4e-300, 1e300, -1e300]);
        (FeatureEncoder tinyEncoder, _) = Fit(3, tiny);

        Assert.All(encoder.Encode(Data(column), [0, 1, 2, 3, 4]).Features, value => Assert.True(float.IsFinite(value)));
        float[] features = tinyEncoder.Encode(Data(tiny), [0, 1, 2, 3, 4]).Features;
        Assert.Equal(0, features[..3].Average(), 1e-6f);
        Assert.Equal([1e9f, -1e9f], features[3..]);
    }

    [Fact]
    public void Encode_LargeMeanAndSmallSpread_KeepsTheSpread()
    {
        NumberColumn column = new("a", [1_700_000_000.25, 1_700_000_000.5, 1_700_000_000.75]);
        (FeatureEncoder encoder, _) = Fit(3, column);

        Assert.Equal([-MathF.Sqrt(1.5f), 0, MathF.Sqrt(1.5f)], encoder.Encode(Data(column), [0, 1, 2]).Features, (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Encode_ColumnOfAnotherKindOrNone_IsRefused()
    {
        (FeatureEncoder encoder, _) = Fit(3, new NumberColumn("a", [1, 2, 5]));

        Assert.Contains("must hold numbers", Assert.Throws<UserErrorException>(() => encoder.Encode(Data(new TextColumn("a", [0], ["x"])), [0])).Message);
        Assert.Contains("must have a column 'a'", Assert.Throws<UserErrorException>(() => encoder.Encode(Data(new NumberColumn("b", [1])), [0])).Message);
    }

    [Theory]
    [InlineData("version", "2", "the encoder's version must be at most 1; received 2")]
    [InlineData("version", "\"1\"", "must have a version")]
    [InlineData("columns", "[]", "must have columns")]
    [InlineData("columns", "[null]", "must have columns")]
    [InlineData("columns", "null", "cannot be read")]
    [InlineData("columns", """[{"kind":"number","name":"a","mean":0,"scale":0,"median":0,"hasIndicator":false}]""", "a scale above 0")]
    [InlineData("columns", """[{"kind":"number","name":"a","mean":0,"scale":1,"hasIndicator":false}]""", "cannot be read")]
    [InlineData("columns", """[{"kind":"other","name":"a"}]""", "cannot be read")]
    [InlineData("columns", """[{"kind":"category","name":"a","levels":["x","x"],"hasOther":false,"hasMissing":false}]""", "levels that differ")]
    [InlineData("columns", """[{"kind":"category","name":"a","levels":[],"hasOther":false,"hasMissing":false}]""", "must have a level")]
    [InlineData("columns", """[{"kind":"time","name":"a","parts":[{"part":"Year","mean":0,"scale":-1}],"hasIndicator":false}]""", "a scale above 0")]
    [InlineData("columns", """[{"kind":"image","name":"a","shape":[1,-8,8],"minimum":0,"maximum":1}]""", "channels, height and width")]
    [InlineData("columns", """[{"kind":"image","name":"a","shape":[1,8,8],"minimum":1,"maximum":1}]""", "finite range")]
    [InlineData("target", """{"name":"y","task":"Classification","classes":["a"],"mean":0,"scale":1}""", "two or more classes")]
    [InlineData("target", """{"name":"y","task":"Regression","classes":["a"],"mean":0,"scale":1}""", "no classes")]
    [InlineData("target", """{"name":"y","task":"Nonsense","classes":[],"mean":0,"scale":1}""", "cannot be read")]
    public void FromJson_Damaged_IsRefusedWithTheEndOfASentence(string property, string value, string expected)
    {
        (FeatureEncoder encoder, _) = Fit(3, new NumberColumn("a", [1, 2, 5]));
        JsonObject json = JsonNode.Parse(encoder.ToJson().GetRawText())!.AsObject();
        json[property] = JsonNode.Parse(value);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FeatureEncoder.FromJson(JsonSerializer.SerializeToElement(json)));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static Dataset Data(params DataColumn[] columns) => new("data", columns);

    private static (FeatureEncoder Encoder, List<string> Notes) Fit(int trainingRows, params DataColumn[] columns)
    {
        List<string> notes = [];
        return (FeatureEncoder.Fit(Data(columns), [.. Enumerable.Range(0, trainingRows)], Target, Options, notes), notes);
    }

    private static FeatureEncoder? TryFit(Dataset dataset, int trainingRows)
    {
        try
        {
            return FeatureEncoder.Fit(dataset, [.. Enumerable.Range(0, trainingRows)], Target, Options, []);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static string? Learn(Dataset dataset, int trainingRows)
    {
        List<string> notes = [];
        try
        {
            FeatureEncoder encoder = FeatureEncoder.Fit(dataset, [.. Enumerable.Range(0, trainingRows)], Target, Options, notes);
            return encoder.ToJson().GetRawText() + string.Join('\n', notes);
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private static DataColumn Mix(DataColumn first, DataColumn second, int fromFirst) => (first, second) switch
    {
        (NumberColumn a, NumberColumn b) => new NumberColumn(a.Name, Mix(a.Values, b.Values, fromFirst)),
        (BooleanColumn a, BooleanColumn b) => new BooleanColumn(a.Name, Mix(a.Values, b.Values, fromFirst)),
        (TextColumn a, TextColumn b) => new TextColumn(a.Name, Mix(a.Codes, b.Codes, fromFirst), a.Levels),
        (TimeColumn a, TimeColumn b) => new TimeColumn(a.Name, [.. Enumerable.Range(0, a.Count).Select(row => row < fromFirst ? Raw(a, row) : Raw(b, row % b.Count))]),
        _ => throw new InvalidOperationException(),
    };

    private static T[] Mix<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, int fromFirst)
    {
        T[] mixed = a.ToArray();
        for (int row = fromFirst; row < mixed.Length; row++)
        {
            mixed[row] = b[row % b.Length];
        }

        return mixed;
    }

    private static long Raw(TimeColumn column, int row) => column.IsMissing(row) ? TimeColumn.Missing : Microseconds(column[row]);

    private static long Microseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
