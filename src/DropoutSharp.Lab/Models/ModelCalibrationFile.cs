using System.Buffers.Binary;

namespace DropoutSharp.Lab.Models;

/// <summary>A calibration as <c>model.json</c> holds it.</summary>
/// <param name="Passes">The Monte-Carlo passes behind each prediction.</param>
/// <param name="Scores">The nonconformity of each row as little-endian float64.</param>
/// <param name="Uncertainties">How unsure the model was of each row as little-endian float64.</param>
internal sealed record ModelCalibrationFile(int Passes, byte[] Scores, byte[] Uncertainties)
{
    public static ModelCalibrationFile? Of(ModelCalibration? calibration) =>
        calibration is null ? null : new(calibration.Passes, ToBytes(calibration.Scores), ToBytes(calibration.Uncertainties));

    /// <summary>The calibration.</summary>
    /// <exception cref="InvalidDataException">It cannot be one; the message is the rest of a sentence that starts with the file's name.</exception>
    public ModelCalibration ToCalibration()
    {
        try
        {
            return Scores.Length % sizeof(double) == 0 && Uncertainties.Length == Scores.Length
                ? new ModelCalibration(Passes, FromBytes(Scores), FromBytes(Uncertainties))
                : throw new ArgumentException("sizes");
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException("must have a calibration of at least one pass and as many scores as uncertainties, none negative", exception);
        }
    }

    private static byte[] ToBytes(IReadOnlyList<double> values)
    {
        byte[] bytes = new byte[values.Count * sizeof(double)];
        for (int i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        }

        return bytes;
    }

    private static double[] FromBytes(byte[] bytes) =>
        [.. Enumerable.Range(0, bytes.Length / sizeof(double)).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double))))];
}
