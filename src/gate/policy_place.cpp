#include <clairgate/gate/policy_place.hpp>
#include <clairgate/gate/work_tree.hpp>

namespace clairgate::gate {

namespace {

namespace fs = std::filesystem;

bool is_same_folder(fs::path const& a, fs::path const& b) {
    std::error_code failed;
    return fs::equivalent(a, b, failed) && !failed;
}

bool is_root(fs::path const& folder) {
    std::error_code failed;
    return fs::exists(fs::symlink_status(folder / ".git", failed));
}

} // namespace

std::optional<PolicyPlace> policy_place(fs::path const& folder) {
    std::error_code failed;
    auto const place = fs::absolute(folder, failed).lexically_normal();
    auto const here = work_tree_of(fs::current_path(failed));
    std::optional<fs::path> nearest;
    std::optional<fs::path> ours;
    for (auto one = place;; one = one.parent_path()) {
        if (is_root(one)) {
            nearest = nearest ? nearest : one;
            if (here && is_same_folder(one, *here))
                ours = one;
        }
        if (one == one.parent_path())
            break;
    }
    auto const root = ours ? ours : nearest;
    if (!root)
        return std::nullopt;
    auto relative = place.lexically_relative(*root).generic_string();
    while (relative.ends_with('/'))
        relative.pop_back();
    return PolicyPlace{*root, relative == "." ? std::string() : relative};
}

} // namespace clairgate::gate
