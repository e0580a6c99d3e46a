#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/work_tree.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <gate/git_repository.hpp>

#include <sys/stat.h>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;
using test::GitRepository;

// A repository with one policy file and others.
struct Setting {
    Setting() {
        repository.put(".gitignore", "ignored*\n");
        repository.put("policy/global.toml", "schema = 1\n");
        repository.put("policy/README.md", "words\n");
        repository.put("src/main.c", "int main;\n");
        head = repository.commit();
    }
    fs::path file() const { return repository.root() / "policy" / "global.toml"; }
    std::optional<std::string> clean() const {
        return clean_commit(repository.root(), "policy").value();
    }
    GitRepository repository;
    std::string head;
};

TEST(CleanCommit, IsHeadWhileThePolicyIsAsCommitted) {
    struct Row {
        char const* sentence;
        std::function<void(Setting&)> change;
    };
    Row const rows[] = {
        {"nothing changed", [](Setting&) {}},
        {"other files changed", [](Setting& s) { s.repository.put("src/main.c", "x"); }},
        {"words beside the policy changed",
         [](Setting& s) { s.repository.put("policy/README.md", "x"); }},
        {"an editor's file lies there",
         [](Setting& s) { s.repository.put("policy/.global.toml.swp", "x"); }},
        {"the index says otherwise", [](Setting& s) { s.repository.git("rm -q --cached -r ."); }},
        {"the head is detached", [](Setting& s) { s.repository.git("checkout -q --detach"); }},
        {"it was written again",
         [](Setting& s) { s.repository.put("policy/global.toml", "schema = 1\n"); }},
        {"an empty folder",
         [](Setting& s) {
             fs::create_directories(s.repository.root() / "policy" / "environment");
         }},
    };
    for (auto const& row : rows) {
        Setting setting;
        row.change(setting);
        EXPECT_EQ(setting.clean(), setting.head) << row.sentence;
    }
}

struct ChangeRow {
    char const* sentence;
    std::function<void(Setting&)> change;
};

ChangeRow const dirty_rows[] = {
    {"changed", [](Setting& s) { s.repository.put("policy/global.toml", "schema = 2\n"); }},
    {"changed and staged",
     [](Setting& s) {
         s.repository.put("policy/global.toml", "schema = 2\n");
         s.repository.git("add -A");
     }},
    {"changed, and git told to look away",
     [](Setting& s) {
         s.repository.git("update-index --assume-unchanged policy/global.toml");
         s.repository.put("policy/global.toml", "schema = 2\n");
     }},
    {"changed, and git told to skip it",
     [](Setting& s) {
         s.repository.git("update-index --skip-worktree policy/global.toml");
         s.repository.put("policy/global.toml", "schema = 2\n");
     }},
    {"line ends alone",
     [](Setting& s) { s.repository.put("policy/global.toml", "schema = 1\r\n"); }},
    {"removed", [](Setting& s) { fs::remove(s.file()); }},
    {"the folder removed", [](Setting& s) { fs::remove_all(s.repository.root() / "policy"); }},
    {"an untracked file", [](Setting& s) { s.repository.put("policy/extra.toml", ""); }},
    {"an untracked file deep down",
     [](Setting& s) { s.repository.put("policy/a/b/extra.toml", ""); }},
    {"an ignored file", [](Setting& s) { s.repository.put("policy/ignored.toml", ""); }},
    {"an excluded file",
     [](Setting& s) {
         s.repository.put(".git/info/exclude", "*\n");
         s.repository.put("policy/extra.toml", "");
     }},
    {"a link to the same bytes",
     [](Setting& s) {
         fs::rename(s.file(), s.repository.root() / "elsewhere");
         fs::create_symlink("../elsewhere", s.file());
     }},
    {"a link beside",
     [](Setting& s) {
         fs::create_symlink("global.toml", s.repository.root() / "policy" / "README.link");
     }},
    {"a link to the same folder",
     [](Setting& s) {
         fs::rename(s.repository.root() / "policy", s.repository.root() / "elsewhere");
         fs::create_directory_symlink("elsewhere", s.repository.root() / "policy");
     }},
    {"a pipe",
     [](Setting& s) {
         EXPECT_EQ(::mkfifo((s.repository.root() / "policy" / "a.toml").c_str(), 0600), 0);
     }},
    {"a folder of that name",
     [](Setting& s) {
         fs::remove(s.file());
         fs::create_directories(s.file());
     }},
    {"a file in place of the folder",
     [](Setting& s) {
         fs::remove_all(s.repository.root() / "policy");
         s.repository.put("policy", "");
     }},
    {"a file too large",
     [](Setting& s) {
         s.repository.put("policy/a.toml", std::string(limits::policy_file_bytes + 1, '#'));
     }},
};

TEST(CleanCommit, IsNothingWhenThePolicyIsAnother) {
    for (auto const& row : dirty_rows) {
        Setting setting;
        row.change(setting);
        EXPECT_EQ(setting.clean(), std::nullopt) << row.sentence;
    }
}

TEST(CleanCommit, IsNothingWithoutACommit) {
    test::TempDir const folder;
    EXPECT_EQ(clean_commit(folder.path(), "policy").value(), std::nullopt);
    EXPECT_EQ(clean_commit(folder.path() / "none", "policy").value(), std::nullopt);
    fs::create_directories(folder.path() / ".git");
    EXPECT_EQ(clean_commit(folder.path(), "policy").value(), std::nullopt) << "no repository";
    GitRepository const unborn;
    EXPECT_EQ(clean_commit(unborn.root(), "policy").value(), std::nullopt);
    auto const head = unborn.commit();
    EXPECT_EQ(clean_commit(unborn.root(), "policy").value(), head) << "no policy is clean, too";
    unborn.git("update-ref --no-deref HEAD " + head);
    unborn.put(".git/HEAD", std::string(40, '1') + "\n");
    EXPECT_EQ(clean_commit(unborn.root(), "policy").error().kind(), ErrorKind::policy);
}

// A build step could point git at a tree of its own.
TEST(CleanCommit, JudgesTheTreeItIsAskedAbout) {
    Setting setting;
    auto const other = setting.repository.beside("other");
    fs::create_directories(other);
    fs::copy(setting.repository.root() / "policy", other / "policy", fs::copy_options::recursive);
    setting.repository.git("config core.worktree '" + other.string() + "'");
    EXPECT_EQ(setting.clean(), setting.head);
    setting.repository.put("policy/global.toml", "schema = 2\n");
    EXPECT_EQ(setting.clean(), std::nullopt);
    auto const linked = setting.repository.beside("linked");
    setting.repository.git("config --unset core.worktree");
    setting.repository.git("worktree add -q --detach '" + linked.string() + "'");
    EXPECT_EQ(clean_commit(linked, "policy").value(), setting.head);
}

TEST(CleanCommit, RefusesWhatHeadItselfMayNotHold) {
    Setting setting;
    fs::create_symlink("global.toml", setting.repository.root() / "policy" / "link.toml");
    setting.repository.commit();
    EXPECT_EQ(clean_commit(setting.repository.root(), "policy").error().kind(), ErrorKind::policy);
    EXPECT_EQ(clean_commit(setting.repository.root(), "../x").error().kind(), ErrorKind::usage);
}

TEST(WorkTreeOf, IsTheNearestFolderWithAGit) {
    GitRepository const repository;
    auto const root = fs::canonical(repository.root());
    auto const below = repository.root() / "a" / "b";
    fs::create_directories(below);
    EXPECT_EQ(work_tree_of(below), root);
    EXPECT_EQ(work_tree_of(repository.root()), root);
    auto const link = repository.beside("link");
    fs::create_directory_symlink(below, link);
    EXPECT_EQ(work_tree_of(link), root) << "where the link leads";
    repository.put("a/.git", "gitdir: elsewhere\n");
    EXPECT_EQ(work_tree_of(below), root / "a") << "a submodule or linked working tree";
    EXPECT_EQ(work_tree_of(repository.beside(".")), std::nullopt);
    EXPECT_EQ(work_tree_of(repository.beside("none")), std::nullopt);
}

} // namespace
} // namespace clairgate::gate
