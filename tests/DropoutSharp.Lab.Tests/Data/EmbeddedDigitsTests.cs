using DropoutSharp.Lab.Data;

namespace DropoutSharp.Lab.Tests.Data;

public sealed class EmbeddedDigitsTests
{
    [Fact]
    public void Read_Always_Gives1797ImagesOf8By8()
    {
        Dataset digits = EmbeddedDigits.Read();

        Assert.Equal(1797, digits.RowCount);
        Assert.Equal([1, 8, 8], digits.Images!.Shape);
        RowDescription first = digits.Describe(0);
        Assert.Equal([0f, 0f, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0f, 0f], first.Pixels![..8]);
        Assert.Null(first.Fields);
    }

    [Fact]
    public void Prepare_Digits_SplitsEveryClassInProportion()
    {
        PreparedData data = DataPreparation.Prepare(null);

        Assert.Equal(LearningTask.Classification, data.Task);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], data.Classes);
        Assert.Equal(359, data.Test.Count);
        Assert.Equal(270, data.Validation.Count);
        Assert.Equal(1797 - 359 - 270, data.Train.Count);
        Assert.True(data.IsImage);
        Assert.Equal(1797, data.Train.RowNumbers.Concat(data.Validation.RowNumbers).Concat(data.Test.RowNumbers).Distinct().Count());
        Assert.All(data.Train.Features, pixel => Assert.InRange(pixel, 0f, 1f));
        for (int digit = 0; digit < 10; digit++)
        {
            int all = CountOf(data.Train, digit) + CountOf(data.Validation, digit) + CountOf(data.Test, digit);
            Assert.InRange(CountOf(data.Test, digit), all * 0.2 - 1, all * 0.2 + 1);
            Assert.InRange(CountOf(data.Validation, digit), all * 0.15 - 1.5, all * 0.15 + 1.5);
        }

        static int CountOf(EncodedRows rows, int digit) => rows.Targets.Count(target => target == digit);
    }
}
