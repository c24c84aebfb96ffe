using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using System.Xml;

namespace DropoutSharp.Lab.Reports;

/// <summary>A piece of markup. Text only comes into it escaped: an interpolated value is text unless it is itself markup.</summary>
/// <remarks>The markup is well-formed XML too, so that a strict parser can check a whole page.</remarks>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Nothing.</summary>
    public static Html Empty => default;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_markup);

    /// <summary>Markup with values in it: texts are escaped, numbers written for any culture.</summary>
    /// <param name="content">An interpolated string.</param>
    public static Html Of(Interpolation content) => new(content.ToString());

    /// <summary>Markup from a source that is known to be markup, such as the style sheet.</summary>
    /// <param name="markup">The markup, taken as it is.</param>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>Pieces one after another.</summary>
    /// <param name="pieces">The pieces.</param>
    public static Html Concat(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(static piece => piece._markup)));

    /// <inheritdoc/>
    public override string ToString() => _markup ?? string.Empty;

    /// <summary>Collects an interpolated string, escaping what is not markup.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Interpolation
    {
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
        private readonly StringBuilder _text;

        /// <summary>Called by the compiler.</summary>
        /// <param name="literalLength">Characters outside of the holes.</param>
        /// <param name="formattedCount">The number of holes.</param>
        public Interpolation(int literalLength, int formattedCount) => _text = new(literalLength + (16 * formattedCount));

        /// <summary>Adds markup that stands in the source.</summary>
        /// <param name="literal">The markup.</param>
        public void AppendLiteral(string literal) => _text.Append(literal);

        /// <summary>Adds text, escaped; a character that no document may hold becomes the replacement character.</summary>
        /// <param name="value">The text.</param>
        public void AppendFormatted(string? value) => _text.Append(Encoder.Encode(string.Concat((value ?? string.Empty).Select(Permitted))));

        /// <summary>Adds markup.</summary>
        /// <param name="value">The markup.</param>
        public void AppendFormatted(Html value) => _text.Append(value._markup);

        /// <summary>Adds pieces of markup one after another.</summary>
        /// <param name="values">The pieces.</param>
        public void AppendFormatted(IEnumerable<Html> values)
        {
            foreach (Html value in values)
            {
                _text.Append(value._markup);
            }
        }

        /// <summary>Adds a coordinate with at most two decimals.</summary>
        /// <param name="value">The coordinate.</param>
        public void AppendFormatted(double value) => _text.Append(value.ToString("0.##", CultureInfo.InvariantCulture));

        /// <summary>Adds a whole number.</summary>
        /// <param name="value">The number.</param>
        public void AppendFormatted(int value) => _text.Append(value.ToString(CultureInfo.InvariantCulture));

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();

        private static char Permitted(char value) => XmlConvert.IsXmlChar(value) || char.IsSurrogate(value) ? value : '\uFFFD';
    }
}
