#include <clairgate/base/text.hpp>
#include <clairgate/policy/cve_id.hpp>
#include <clairgate/policy/epss_file.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace clairgate::policy {

namespace {

constexpr double scale = 1e9;
constexpr std::string_view gzip_magic = "\x1f\x8b"; // RFC 1952 section 2.3.1
constexpr std::string_view model_key = "#model_version:";
constexpr std::string_view date_key = "score_date:";
constexpr std::string_view header = "cve,epss,percentile";
constexpr std::size_t model_bytes_max = 64;
constexpr std::size_t quoted_bytes_max = 60;

Error wrong(std::size_t line, std::string_view what) {
    return {ErrorKind::policy, cat("line ", line, ": ", what)};
}

// The lines one by one; each must have its end, or the file was cut off inside of it.
class Lines {
  public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool at_end() const { return rest_.empty(); }
    std::size_t number() const { return number_; }
    Result<std::string_view> next() {
        ++number_;
        auto const end = rest_.find('\n');
        if (end == std::string_view::npos)
            return wrong(number_, "it has no end: the file was cut off")
                .with_remedy("fetch the file again");
        auto line = rest_.substr(0, end);
        rest_.remove_prefix(end + 1);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        return line;
    }

  private:
    std::string_view rest_;
    std::size_t number_ = 0;
};

// ISO 8601's basic offset made RFC 3339's: +0000 to +00:00.
std::string with_colon(std::string_view date) {
    auto const sign = date.find_last_of("+-");
    bool const is_basic = sign != std::string_view::npos && date.size() - sign == 5;
    return is_basic ? cat(date.substr(0, sign + 3), ":", date.substr(sign + 3)) : std::string(date);
}

Result<void> read_title(std::string_view line, EpssTable& table) {
    auto const refuse = [](std::string_view what) {
        return wrong(1, what).with_remedy(
            "give the CSV as FIRST publishes it: #model_version:…,score_date:… comes first");
    };
    auto const comma = line.find(',');
    if (!line.starts_with(model_key) || comma == std::string_view::npos)
        return refuse("not FIRST's EPSS scores");
    table.model = line.substr(model_key.size(), comma - model_key.size());
    if (table.model.empty() || table.model.size() > model_bytes_max)
        return refuse("no model version");
    auto const date = line.substr(comma + 1);
    if (!date.starts_with(date_key))
        return refuse("no score date");
    auto const time = parse_rfc3339(with_colon(date.substr(date_key.size())));
    if (!time.has_value())
        return refuse("the score date is not a time");
    table.score_date = *time;
    return ok();
}

// A decimal from 0 to 1, as billionths. Tiny ones may come with an exponent.
std::optional<std::uint32_t> share(std::string_view text) {
    if (text.empty() || text.front() < '0' || text.front() > '9')
        return std::nullopt; // from_chars would take a sign, "inf" and "nan"
    double value = 0;
    auto const* const end = text.data() + text.size();
    auto const parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !(value >= 0 && value <= 1))
        return std::nullopt;
    return static_cast<std::uint32_t>(std::llround(value * scale));
}

Result<EpssTable::Row> row_of(std::string_view line, std::size_t number) {
    auto const first = line.find(',');
    auto const second = first == std::string_view::npos ? first : line.find(',', first + 1);
    if (second == std::string_view::npos)
        return wrong(number, "not three values with commas between");
    auto const cve = cve_key(line.substr(0, first));
    if (!cve)
        return wrong(
            number,
            cat("not a CVE id: \"", printable(line.substr(0, first), quoted_bytes_max), "\""));
    auto const score = share(line.substr(first + 1, second - first - 1));
    if (!score)
        return wrong(number, "the score is not a number from 0 to 1");
    auto const percentile = share(line.substr(second + 1));
    if (!percentile)
        return wrong(number, "the percentile is not a number from 0 to 1");
    return EpssTable::Row{*cve, *score, *percentile};
}

std::string cve_text(std::uint64_t key) {
    auto const number = std::to_string(key & ((std::uint64_t{1} << 48U) - 1));
    return cat("CVE-",
               key >> 48U,
               "-",
               std::string(4 - std::min<std::size_t>(4, number.size()), '0'),
               number);
}

} // namespace

std::optional<Epss> EpssTable::lookup(std::string_view cve) const {
    auto const key = cve_key(cve);
    if (!key)
        return std::nullopt;
    auto const found = std::lower_bound(
        rows.begin(), rows.end(), *key, [](Row const& row, auto k) { return row.cve < k; });
    if (found == rows.end() || found->cve != *key)
        return std::nullopt;
    return Epss{found->score / scale, found->percentile / scale};
}

Result<EpssTable> parse_epss(std::string_view csv) {
    if (csv.starts_with(gzip_magic))
        return Error(ErrorKind::policy, "it is compressed").with_remedy("unpack it first: gunzip");
    if (csv.size() > EpssTable::bytes_max)
        return Error(ErrorKind::policy,
                     cat("larger than ", EpssTable::bytes_max / limits::mib, " MiB"));
    // Counted first: a flood is refused, and memory taken, at once.
    auto const line_count = static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n'));
    if (line_count > EpssTable::rows_max + 2)
        return Error(ErrorKind::policy, cat("more than ", EpssTable::rows_max, " scores"));
    Lines lines(csv);
    EpssTable table;
    TRY_VOID(read_title(TRY(lines.next()), table));
    if (TRY(lines.next()) != header)
        return wrong(2, cat("the header is not ", header));
    table.rows.reserve(line_count);
    while (!lines.at_end()) {
        auto const line = TRY(lines.next());
        table.rows.push_back(TRY(row_of(line, lines.number())));
    }
    if (table.rows.empty())
        return Error(ErrorKind::policy, "it holds no scores");
    auto& rows = table.rows;
    std::sort(rows.begin(), rows.end(), [](auto& a, auto& b) { return a.cve < b.cve; });
    auto const twice = std::adjacent_find(
        rows.begin(), rows.end(), [](auto& a, auto& b) { return a.cve == b.cve; });
    if (twice != rows.end())
        return Error(ErrorKind::policy, cat(cve_text(twice->cve), " is scored twice"));
    return table;
}

} // namespace clairgate::policy
