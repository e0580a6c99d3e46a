#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/settings.hpp>
#include <clairgate/gate/settings_file.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/policy/source_text.hpp>
#include <clairgate/policy/toml_library.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

SourcePosition position_of(std::string const& path, toml::source_region const& region) {
    return {path, region.begin.line, region.begin.column};
}

Result<std::vector<std::string>> texts_of(toml::node const& node, SettingInfo const& info) {
    std::vector<std::string> texts;
    bool const is_flag = info.kind == SettingKind::flag;
    if (auto const* const array = node.as_array();
        array != nullptr && info.kind == SettingKind::list) {
        for (auto const& element : *array) {
            auto const text = element.value_exact<std::string>();
            if (!text)
                return Error(ErrorKind::config, cat(info.name, " holds strings only"));
            texts.push_back(*text);
        }
        return texts;
    }
    if (auto const text = node.value_exact<std::string>(); text && !is_flag)
        texts.push_back(*text);
    else if (auto const flag = node.value_exact<bool>(); flag && is_flag)
        texts.emplace_back(*flag ? "true" : "false");
    else
        return Error(ErrorKind::config,
                     cat(info.name,
                         is_flag ? " is true or false" : " is a string",
                         info.kind == SettingKind::duration ? " with a unit, as \"15m\"" : "",
                         info.kind == SettingKind::list ? " or an array of strings" : ""));
    return texts;
}

} // namespace

Result<std::vector<FileEntry>> read_settings_file(std::string const& path) {
    auto const bytes = io::read_file(path, limits::config_file_bytes);
    if (!bytes.has_value())
        return Error(ErrorKind::config, bytes.error().text())
            .with_remedy("--config names a file that exists and can be read");
    // What a reader would not see, or a parser not survive (keys dotted thousands deep).
    if (auto const bad = policy::mistakes_of_text({path, *bytes}); !bad.empty())
        return Error(ErrorKind::config, bad.front().message())
            .with_position(bad.front().position().value_or(SourcePosition{path, 0, 0}));
    auto const parsed = toml::parse(*bytes, std::string_view(path));
    if (!parsed)
        return Error(ErrorKind::config, std::string(parsed.error().description()))
            .with_position(position_of(path, parsed.error().source()));
    std::vector<std::string_view> names;
    for (auto const& info : setting_infos())
        if (info.name != "config" && info.name != "origin")
            names.push_back(info.name);
    std::vector<FileEntry> entries;
    std::vector<Error> mistakes;
    for (auto const& [key, node] : parsed.table()) {
        auto const position = position_of(path, key.source());
        if (std::find(names.begin(), names.end(), key.str()) == names.end()) {
            mistakes.push_back(Error(ErrorKind::config,
                                     cat("unknown key ", key.str(), did_you_mean(key.str(), names)))
                                   .with_position(position));
            continue;
        }
        auto const infos = setting_infos();
        auto const info = std::find_if(
            infos.begin(), infos.end(), [&](SettingInfo const& i) { return i.name == key.str(); });
        auto texts = texts_of(node, *info);
        if (!texts.has_value())
            mistakes.push_back(texts.error().with_position(position));
        else
            entries.push_back({std::string(key.str()),
                               *std::move(texts),
                               cat(path, ":", position.line, ":", position.column)});
    }
    if (mistakes.empty())
        return entries;
    // The table is sorted by key; people read a file from the top.
    std::sort(mistakes.begin(), mistakes.end(), [](Error const& a, Error const& b) {
        return a.position()->line < b.position()->line;
    });
    auto first = mistakes.front();
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

} // namespace clairgate::gate
