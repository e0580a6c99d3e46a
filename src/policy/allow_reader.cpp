#include <clairgate/base/text.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

constexpr std::size_t ids_max = 1000;
constexpr auto break_glass_max = std::chrono::hours(72);
constexpr std::string_view allow_form =
    "[[allow]] needs id, reason, owner and expires = YYYY-MM-DD (without quotes)";

std::string text_of(toml::date const& date) {
    auto const two = [](unsigned number) { return cat(number < 10 ? "0" : "", number); };
    return cat(unsigned{date.year}, "-", two(date.month), "-", two(date.day)); // from 2000 on
}

// Reads one [[allow]]; what is missing is told once, at its header.
class AllowReader {
  public:
    AllowReader(TomlReader& reader, toml::table const& table) : reader_(reader), table_(table) {}

    std::optional<Waiver> read() {
        if (auto const* const node = table_.get("break_glass"))
            is_break_glass_ = node->value_exact<bool>().value_or(false);
        for (auto const& [key, node] : table_)
            member(key, node);
        check();
        if (!is_good_)
            return std::nullopt;
        auto name = waiver_.ids.empty() ? std::string("of any id") : waiver_.ids.front();
        if (waiver_.ids.size() > 1)
            name += cat(" and ", waiver_.ids.size() - 1, " more");
        waiver_.origin = reader_.origin(table_.source(), cat("allow ", name));
        return std::move(waiver_);
    }

  private:
    void fail(toml::source_region const& at, std::string message, std::string remedy = {}) {
        reader_.say(at, std::move(message), std::move(remedy));
        is_good_ = false;
    }

    template <class T>
    bool take(std::optional<T> read, T& into) {
        is_good_ = is_good_ && read.has_value();
        bool const is_read = read.has_value();
        if (is_read)
            into = *std::move(read);
        return is_read;
    }

    void member(toml::key const& key, toml::node const& node) {
        auto const name = key.str();
        if (name == "id")
            return ids(key, node);
        if (name == "reason")
            return void(take(reader_.prose(key, node), waiver_.reason));
        if (name == "owner")
            return void(take(reader_.prose(key, node), waiver_.owner));
        if (name == "expires")
            return expires(key, node);
        if (name == "until")
            return until(key, node);
        if (name == "break_glass")
            return void(take(reader_.boolean(key, node), is_break_glass_));
        if (name == "ticket")
            return void(take(reader_.prose(key, node), glass_.ticket));
        if (name == "issued")
            return issued(key, node);
        auto const kinds = condition_kinds();
        bool const is_scope = std::any_of(kinds.begin(), kinds.end(), [&](ConditionKind const& k) {
            return k.is_scope && k.name == name;
        });
        if (!is_scope) {
            is_good_ = false;
            return reader_.say_unknown(key, " in [[allow]]", keys::allow);
        }
        auto words = reader_.texts(key, node);
        if (!words) {
            is_good_ = false;
            return;
        }
        for (auto const& word : *words)
            if (!word.empty() && word.find_first_not_of('*') == std::string::npos)
                return fail(node.source(),
                            cat(name, " \"", printable(word, 60), "\" matches everything"),
                            cat("leave ", name, " out, or name what the exception is for"));
        auto scope = parse_condition(name, ConditionValue(*std::move(words)));
        if (!scope.has_value())
            return fail(node.source(), scope.error().text(), scope.error().remedy());
        waiver_.scope.push_back(*std::move(scope));
    }

    void ids(toml::key const& key, toml::node const& node) {
        auto const read = reader_.texts(key, node);
        is_good_ = is_good_ && read.has_value();
        if (!read)
            return;
        if (read->empty() || read->size() > ids_max)
            return fail(node.source(), cat("id has between 1 and ", ids_max, " values"));
        for (auto const& id : *read) {
            if (!is_vulnerability_id(id))
                return fail(node.source(),
                            cat("\"", printable(id, 60), "\" is no vulnerability id"),
                            "write one such as CVE-2024-0001, without spaces or wildcards");
            waiver_.ids.push_back(id);
        }
    }

    void expires(toml::key const& key, toml::node const& node) {
        if (is_break_glass_) {
            auto const time = node.value_exact<toml::date_time>();
            auto const moment = time ? moment_of(*time) : std::nullopt;
            if (!moment)
                return fail(node.source(),
                            "expires of a break-glass must be a moment with its offset",
                            "expires = 2026-12-31T18:00:00Z");
            waiver_.ends = *moment;
            waiver_.expires = to_rfc3339(*moment);
            return;
        }
        auto const date = node.value_exact<toml::date>();
        auto const day = date ? day_of(*date) : std::nullopt;
        if (!day)
            return fail(key.source(),
                        "expires must be a date",
                        "expires = 2026-12-31, without quotes; it holds through that day, UTC");
        waiver_.ends = *day + std::chrono::days(1);
        waiver_.expires = text_of(*date);
    }

    void until(toml::key const& key, toml::node const& node) {
        std::string word;
        if (!take(reader_.text(key, node), word))
            return;
        if (word != "fixable") {
            is_good_ = false;
            return reader_.say_unknown_word(node, word, "until", keys::until_words);
        }
        waiver_.ends_with_fix = true;
    }

    void issued(toml::key const& key, toml::node const& node) {
        auto const time = node.value_exact<toml::date_time>();
        auto const moment = time ? moment_of(*time) : std::nullopt;
        if (!moment)
            return fail(key.source(),
                        "issued must be a moment with its offset",
                        "issued = 2026-12-31T09:00:00Z");
        glass_.issued = *moment;
    }

    void check() {
        auto const lacks = [&](std::string_view key) { return table_.get(key) == nullptr; };
        for (std::string_view const key : {"reason", "owner", "expires"})
            if (lacks(key))
                fail(table_.source(), cat("[[allow]] without ", key), std::string(allow_form));
        if (!is_break_glass_) {
            if (lacks("id"))
                fail(table_.source(), "[[allow]] without id", std::string(allow_form));
            for (std::string_view const key : {"ticket", "issued"})
                if (!lacks(key))
                    fail(table_.source(), cat(key, " only goes with break_glass = true"));
            return;
        }
        for (std::string_view const key : {"ticket", "issued"})
            if (lacks(key))
                fail(table_.source(),
                     cat("a break-glass without ", key),
                     "it needs ticket, issued and an expires at most 72 h later");
        if (is_good_ &&
            (waiver_.ends <= glass_.issued || waiver_.ends - glass_.issued > break_glass_max))
            fail(table_.source(),
                 "a break-glass ends after it was issued, and at most 72 h later",
                 "shorten it: expires is a date-time");
        waiver_.break_glass = glass_;
    }

    TomlReader& reader_;
    toml::table const& table_;
    Waiver waiver_;
    Waiver::BreakGlass glass_;
    bool is_break_glass_ = false;
    bool is_good_ = true;
};

} // namespace

void read_allow(TomlReader& reader, toml::table const& table, Layer& layer) {
    if (auto waiver = AllowReader(reader, table).read())
        layer.waivers.push_back(*std::move(waiver));
}

} // namespace clairgate::policy
