using System.Text.Json;
using System.Text.Json.Serialization;

namespace DropoutSharp;

/// <summary>Writes a schedule as its text form, and reads it back.</summary>
public sealed class RateScheduleJsonConverter : JsonConverter<RateSchedule>
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(RateSchedule).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    public override RateSchedule Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException($"Rate schedule must be a text such as \"linear(0, 0.5, 1000)\"; received {reader.TokenType}.");
        }

        try
        {
            return RateSchedule.Parse(reader.GetString()!); // a string token has a string
        }
        catch (FormatException problem)
        {
            throw new JsonException(problem.Message, problem);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RateSchedule value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(value.ToString());
    }
}
