#include <clairgate/base/text.hpp>
#include <clairgate/policy/keys.hpp>
#include <clairgate/policy/toml_reader.hpp>

#include <algorithm>
#include <tuple>

namespace clairgate::policy {

namespace {

constexpr std::size_t mistakes_max = 100;

// One top-level key: a table, or an array of tables that is read one by one.
struct Section {
    std::string_view name;
    std::size_t entries_max; ///< 0: a table
    void (*read)(TomlReader&, toml::table const&, Layer&);
};
constexpr Section sections[] = {{"severity", 0, read_severity},
                                {"scan", 0, read_scan},
                                {"exceptions", 0, read_exceptions},
                                {"budget", 0, read_budget},
                                {"rule", 1000, read_rule}, // each is asked for every finding
                                {"allow", 10'000, read_allow},
                                {"lock", 1000, read_lock},
                                {"require", 1000, read_require}};

void read_precedence(TomlReader& reader,
                     toml::key const& key,
                     toml::node const& node,
                     Layer& layer) {
    auto const word = reader.text(key, node);
    if (!word)
        return;
    if (*word != keys::precedence_words[0])
        return reader.say_unknown_word(node, *word, "precedence", keys::precedence_words);
    if (layer.level != Level::global)
        return reader.say(key.source(), "precedence stands in global.toml alone");
    layer.devtron = reader.origin(key.source(), "precedence");
}

void read_cluster(TomlReader& reader, toml::key const& key, toml::node const& node, Layer& layer) {
    auto const name = reader.text(key, node);
    if (!name)
        return;
    if (layer.level != Level::environment)
        return reader.say(key.source(), "only a file of environment/ says its cluster");
    if (!is_level_name(*name))
        return reader.say(node.source(),
                          cat("\"", printable(*name, 60), "\" is no cluster's name"));
    layer.cluster = Setting<std::string>{*name, reader.origin(key.source(), "cluster")};
}

void read_section(TomlReader& reader,
                  Section const& section,
                  toml::key const& key,
                  toml::node const& node,
                  Layer& layer) {
    if (section.entries_max == 0) {
        auto const* const table = node.as_table();
        if (table == nullptr)
            return reader.say(key.source(),
                              cat(section.name, " must be a table: [", section.name, "]"));
        return section.read(reader, *table, layer);
    }
    auto const header = cat("[[", section.name, "]]");
    for (auto const* const table : reader.tables(key, node, header, section.entries_max))
        section.read(reader, *table, layer);
}

void read_top(TomlReader& reader, toml::key const& key, toml::node const& node, Layer& layer) {
    auto const name = key.str();
    if (name == "schema")
        return; // `document` has read it
    if (name == "precedence")
        return read_precedence(reader, key, node, layer);
    if (name == "cluster")
        return read_cluster(reader, key, node, layer);
    auto const* const section = std::find_if(
        std::begin(sections), std::end(sections), [&](Section const& s) { return s.name == name; });
    if (section == std::end(sections))
        return reader.say_unknown(key, "", keys::top);
    read_section(reader, *section, key, node, layer);
}

} // namespace

Error all_mistakes(std::vector<Error> mistakes) {
    CLAIRGATE_ASSERT(!mistakes.empty());
    std::sort(mistakes.begin(), mistakes.end(), [](Error const& a, Error const& b) {
        auto const key = [](Error const& e) {
            auto const at = e.position().value_or(SourcePosition{});
            return std::tuple(at.file, at.line, at.column, e.message());
        };
        return key(a) < key(b);
    });
    if (mistakes.size() > mistakes_max) {
        auto const rest = mistakes.size() - mistakes_max;
        mistakes.erase(mistakes.begin() + mistakes_max, mistakes.end());
        mistakes.push_back(Error(ErrorKind::policy, cat("and ", rest, " more mistakes")));
    }
    auto first = std::move(mistakes.front());
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

std::optional<Layer> parse_layer(SourceFile const& file, std::vector<Error>& mistakes) {
    auto const role = role_of(file.path);
    auto const before = mistakes.size();
    if (!role.has_value()) {
        mistakes.push_back(role.error());
        return std::nullopt;
    }
    Layer layer;
    layer.level = role->level;
    layer.file = file.path;
    TomlReader reader(file, layer.level, mistakes);
    auto const table = reader.document();
    if (!table)
        return std::nullopt;
    for (auto const& [key, node] : *table)
        read_top(reader, key, node, layer);
    check_locks(reader, layer);
    return mistakes.size() > before ? std::nullopt : std::optional(std::move(layer));
}

Result<Layer> parse_layer(SourceFile const& file) {
    std::vector<Error> mistakes;
    auto layer = parse_layer(file, mistakes);
    if (!layer)
        return all_mistakes(std::move(mistakes));
    return *std::move(layer);
}

} // namespace clairgate::policy
