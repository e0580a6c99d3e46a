#include <clairgate/base/text.hpp>
#include <clairgate/report/formats.hpp>

#include <vector>

namespace clairgate::report {

namespace {

constexpr Format table[] = {
    {"table", "for people: what blocks first, with the fix", render_table},
    {"json", "clairgate/report/v1: every fact and decision, for gate and verify", render_json},
};

} // namespace

std::span<Format const> formats() {
    return table;
}

Result<Format const*> find_format(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& format : table) {
        if (format.name == name)
            return &format;
        names.push_back(format.name);
    }
    return Error(ErrorKind::usage, cat("unknown report format: ", name, did_you_mean(name, names)))
        .with_remedy("-o FORMAT[=FILE] with table or json");
}

} // namespace clairgate::report
