#include <clairgate/base/error.hpp>
#include <clairgate/base/text.hpp>

#include <cstdio>
#include <fstream>
#include <gate/git_repository.hpp>

namespace clairgate::test {

namespace fs = std::filesystem;

namespace {

// The id's 20 bytes, as a tree holds them.
std::string raw_id(std::string const& hex) {
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return out;
}

std::string run(fs::path const& folder, std::string const& arguments, fs::path const& input) {
    auto const command = cat("cd '",
                             folder.string(),
                             "' && env -i PATH=\"$PATH\" HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 "
                             "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example GIT_COMMITTER_NAME=a "
                             "GIT_COMMITTER_EMAIL=a@example git -c protocol.file.allow=always "
                             "-c safe.directory='*' ",
                             arguments,
                             " 2>&1 <'",
                             input.string(),
                             "'");
    auto* const pipe = ::popen(command.c_str(), "r");
    CLAIRGATE_ASSERT(pipe != nullptr);
    std::string out;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
        out += static_cast<char>(c);
    int const status = ::pclose(pipe);
    if (status != 0)
        std::fprintf(stderr, "git %s: %s\n", arguments.c_str(), out.c_str());
    CLAIRGATE_ASSERT(status == 0);
    if (out.ends_with('\n'))
        out.pop_back();
    return out;
}

} // namespace

GitRepository::GitRepository() : root_(folder_.path() / "clone") {
    fs::create_directories(root_);
    git("init -q -b main .");
}

std::string GitRepository::git(std::string const& arguments, std::string_view input) const {
    auto const path = beside("input");
    std::ofstream(path, std::ios::binary) << input;
    return run(root_, arguments, path);
}

std::string GitRepository::git_in(fs::path const& folder, std::string const& arguments) const {
    return run(folder, arguments, "/dev/null");
}

void GitRepository::put(std::string const& path, std::string_view bytes) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << bytes;
}

std::string GitRepository::commit() const {
    git("add -A");
    git("commit -q --allow-empty -m change");
    return git("rev-parse HEAD");
}

std::string GitRepository::put_blob(std::string_view bytes) const {
    return git("hash-object -w --no-filters --stdin", bytes);
}

std::string GitRepository::put_tree(std::vector<RawEntry> const& entries) const {
    std::string bytes;
    for (auto const& entry : entries)
        bytes += cat(entry.mode, " ", entry.name, '\0', raw_id(entry.id));
    return git("hash-object -w --literally -t tree --stdin", bytes);
}

std::string GitRepository::commit_of(std::vector<RawEntry> const& entries) const {
    auto const root = put_tree({{"40000", "policy", put_tree(entries)}});
    return git(cat("commit-tree -m change ", root));
}

fs::path GitRepository::object(std::string const& id) const {
    return root_ / ".git" / "objects" / id.substr(0, 2) / id.substr(2);
}

} // namespace clairgate::test
