#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_folder.hpp>
#include <clairgate/io/files.hpp>

#include <algorithm>
#include <array>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;

// Folders of levels that policy will have: their files must not be believed to be in force.
constexpr std::array<std::string_view, 3> later_levels{"cluster", "environment", "application"};

Result<void> refuse_unread_files(fs::path const& folder) {
    std::error_code failed;
    std::vector<Error> mistakes;
    fs::directory_iterator entries(folder, failed);
    if (failed)
        return Error(ErrorKind::policy,
                     cat("cannot list ", folder.string(), ": ", failed.message()));
    for (fs::directory_iterator const end; entries != end; entries.increment(failed)) {
        if (failed)
            return Error(ErrorKind::policy, cat("cannot list ", folder.string()));
        auto const name = entries->path().filename().string();
        bool const is_level =
            std::find(later_levels.begin(), later_levels.end(), name) != later_levels.end();
        bool const is_stray = name.ends_with(".toml") && name != "global.toml";
        if (is_level || is_stray)
            mistakes.push_back(
                Error(ErrorKind::policy, "is not read by this version")
                    .with_position({name, 0, 0})
                    .with_remedy("only global.toml is read: move its content there or "
                                 "take it out of the policy folder"));
    }
    if (mistakes.empty())
        return ok();
    std::sort(mistakes.begin(), mistakes.end(), [](Error const& a, Error const& b) {
        return a.text() < b.text();
    });
    auto first = mistakes.front();
    mistakes.erase(mistakes.begin());
    return std::move(first).with_also(std::move(mistakes));
}

} // namespace

Result<policy::Policy> load_policy(fs::path const& folder, bool named) {
    std::error_code failed;
    auto const status = fs::status(folder, failed);
    if (!fs::exists(status)) {
        if (!named)
            return policy::built_in();
        return Error(ErrorKind::policy, cat("no such policy folder: ", folder.string()))
            .with_remedy("--policy DIR names a folder that holds global.toml");
    }
    if (!fs::is_directory(status))
        return Error(ErrorKind::policy, cat("not a folder: ", folder.string()))
            .with_remedy("--policy DIR names the folder, not a file in it");
    TRY_VOID(refuse_unread_files(folder));
    auto bytes =
        io::read_file(folder / "global.toml", limits::policy_file_bytes, io::Links::refuse);
    if (!bytes.has_value()) {
        auto const error = bytes.error();
        return Error(ErrorKind::policy, cat("cannot read the policy: ", error.text()))
            .with_remedy(cat("write ",
                             (folder / "global.toml").string(),
                             ", or name another folder with --policy"));
    }
    std::vector<policy::SourceFile> files;
    files.push_back({"global.toml", *std::move(bytes)});
    return policy::load(files);
}

} // namespace clairgate::gate
