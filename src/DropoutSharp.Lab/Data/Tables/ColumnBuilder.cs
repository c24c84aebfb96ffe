using DuckDB.NET.Data;

namespace DropoutSharp.Lab.Data;

/// <summary>Collects the values of one column while rows are read.</summary>
internal abstract class ColumnBuilder(string name)
{
    public string Name { get; } = name;

    /// <summary>Takes a row's value.</summary>
    public abstract void Add(DuckDBDataReader reader, int ordinal);

    /// <summary>The column of all values so far; the builder is empty afterwards.</summary>
    public abstract DataColumn Build();

    public static ColumnBuilder Create(string name, TableValueKind kind) => kind switch
    {
        TableValueKind.Number => new Numbers(name),
        TableValueKind.Boolean => new Booleans(name),
        TableValueKind.Time => new Times(name),
        _ => new Texts(name),
    };

    private static T[] Take<T>(List<T> values)
    {
        T[] all = [.. values];
        values.Clear();
        return all;
    }

    private sealed class Numbers(string name) : ColumnBuilder(name)
    {
        private readonly List<double> _values = [];

        public override void Add(DuckDBDataReader reader, int ordinal) =>
            _values.Add(reader.IsDBNull(ordinal) ? double.NaN : reader.GetDouble(ordinal));

        public override DataColumn Build() => new NumberColumn(Name, Take(_values));
    }

    private sealed class Booleans(string name) : ColumnBuilder(name)
    {
        private readonly List<sbyte> _values = [];

        public override void Add(DuckDBDataReader reader, int ordinal) =>
            _values.Add(reader.IsDBNull(ordinal) ? BooleanColumn.Missing : reader.GetBoolean(ordinal) ? (sbyte)1 : (sbyte)0);

        public override DataColumn Build() => new BooleanColumn(Name, Take(_values));
    }

    private sealed class Times(string name) : ColumnBuilder(name)
    {
        private readonly List<long> _values = [];

        public override void Add(DuckDBDataReader reader, int ordinal) => _values.Add(
            !reader.IsDBNull(ordinal) && reader.GetInt64(ordinal) is var value && TimeColumn.IsInRange(value) ? value : TimeColumn.Missing);

        public override DataColumn Build() => new TimeColumn(Name, Take(_values));
    }

    private sealed class Texts(string name) : ColumnBuilder(name)
    {
        private readonly List<int> _codes = [];
        private readonly List<string> _levels = [];
        private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);

        public override void Add(DuckDBDataReader reader, int ordinal)
        {
            if (reader.IsDBNull(ordinal))
            {
                _codes.Add(TextColumn.Missing);
                return;
            }

            string text = reader.GetString(ordinal);
            if (!_byText.TryGetValue(text, out int code))
            {
                // Different texts may be the same once spaces around them are gone.
                string trimmed = text.Trim();
                if (MissingText.IsMissing(trimmed))
                {
                    code = TextColumn.Missing;
                }
                else if (!_byText.TryGetValue(trimmed, out code))
                {
                    code = _levels.Count;
                    _levels.Add(trimmed);
                    _byText.Add(trimmed, code);
                }

                _byText[text] = code;
            }

            _codes.Add(code);
        }

        public override DataColumn Build()
        {
            TextColumn column = new(Name, Take(_codes), Take(_levels));
            _byText.Clear();
            return column;
        }
    }
}
