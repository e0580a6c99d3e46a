#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/policy_git.hpp>
#include <clairgate/gate/policy_limits.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <gate/git_repository.hpp>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;
using test::GitRepository;
using RawEntry = GitRepository::RawEntry;

std::vector<std::string> paths_of(std::vector<policy::SourceFile> const& files) {
    std::vector<std::string> paths;
    for (auto const& file : files)
        paths.push_back(file.path);
    return paths;
}

// The error for that commit's folder "policy".
Error refused(GitRepository const& repository, std::string const& commit) {
    auto const files = policy_of_commit(repository.root(), commit, "policy");
    EXPECT_FALSE(files.has_value());
    return files.has_value() ? Error(ErrorKind::file, "not refused") : files.error();
}

TEST(PolicyOfCommit, ReadsTheTomlFilesBelowTheFolder) {
    GitRepository const repository;
    repository.put("a/policy/global.toml", "schema = 1\r\n");
    repository.put("a/policy/environment/prod.toml", "");
    repository.put("a/policy/tests/deep/stray.toml", "x");
    repository.put("a/policy/README.md", "words");
    repository.put("a/other.toml", "y");
    auto const commit = repository.commit();
    fs::create_directories(repository.root() / "src");
    auto const files = policy_of_commit(repository.root() / "src", commit, "a/policy").value();
    EXPECT_EQ(paths_of(files),
              (std::vector<std::string>{
                  "environment/prod.toml", "global.toml", "tests/deep/stray.toml"}));
    EXPECT_EQ(files[1].bytes, "schema = 1\r\n");
    EXPECT_EQ(files[1].source, "git:" + commit);
    EXPECT_EQ(policy_of_commit(repository.root(), commit, "").value().size(), 4U);
}

TEST(PolicyOfCommit, LooksAtNeitherTheWorkingTreeNorTheIndex) {
    GitRepository const repository;
    repository.put("policy/global.toml", "old");
    auto const commit = repository.commit();
    repository.put("policy/global.toml", "new");
    repository.put("policy/extra.toml", "new");
    repository.git("add -A");
    auto const files = policy_of_commit(repository.root(), commit, "policy").value();
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].bytes, "old");
}

TEST(PolicyOfCommit, WithoutTheFolderIsNoFileAndNoError) {
    GitRepository const repository;
    repository.put("a", "x");
    auto const commit = repository.commit();
    for (auto const* const folder : {"policy", ".clairgate/policy", "b"})
        EXPECT_EQ(policy_of_commit(repository.root(), commit, folder).value().size(), 0U);
    auto const file = policy_of_commit(repository.root(), commit, "a");
    EXPECT_EQ(file.error().kind(), ErrorKind::policy);
}

// Everything but the object's own full name can be made to mean another commit.
TEST(PolicyOfCommit, TakesNoNameThatCanBeMoved) {
    GitRepository const repository;
    repository.put("policy/global.toml", "old");
    auto const commit = repository.commit();
    repository.put("policy/global.toml", "new");
    auto const newer = repository.commit();
    repository.git(cat("update-ref refs/heads/", commit, " ", newer));
    repository.git(cat("update-ref ", commit, " ", newer));
    EXPECT_EQ(policy_of_commit(repository.root(), commit, "policy").value()[0].bytes, "old");
    for (std::string const& name : {std::string("HEAD"),
                                    std::string("main"),
                                    std::string(),
                                    std::string("refs/heads/main"),
                                    commit.substr(0, 39),
                                    commit.substr(0, 12),
                                    commit + "^{commit}",
                                    commit + "\n",
                                    std::string(40, 'A')}) {
        auto const error = refused(repository, name);
        EXPECT_EQ(error.kind(), ErrorKind::usage) << name;
        EXPECT_NE(error.remedy().find("build step"), std::string::npos) << name;
    }
    repository.git(cat("replace ", commit, " ", newer));
    EXPECT_EQ(policy_of_commit(repository.root(), commit, "policy").value()[0].bytes, "old")
        << "a replacement is not followed";
}

TEST(PolicyOfCommit, NamesTheFetchThatAShallowCloneLacks) {
    GitRepository const repository;
    repository.put("policy/global.toml", "base");
    auto const base = repository.commit();
    repository.put("policy/global.toml", "head");
    repository.commit();
    repository.git("config uploadpack.allowAnySHA1InWant true");
    auto const shallow = repository.beside("shallow");
    repository.git(cat(
        "clone -q --depth=1 'file://", repository.root().string(), "' '", shallow.string(), "'"));
    auto const missing = policy_of_commit(shallow, base, "policy");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(missing.error().kind(), ErrorKind::policy);
    auto const remedy = missing.error().remedy();
    auto const start = remedy.find("git fetch");
    ASSERT_NE(start, std::string::npos) << remedy;
    auto const command = remedy.substr(start, remedy.find(';') - start);
    EXPECT_EQ(command, cat("git fetch --depth=1 origin ", base));
    repository.git_in(shallow, command.substr(4) + " -q");
    EXPECT_EQ(policy_of_commit(shallow, base, "policy").value()[0].bytes, "base");
}

TEST(PolicyOfCommit, RefusesWhatIsNeitherFileNorFolder) {
    GitRepository const repository;
    auto const blob = repository.put_blob("schema = 1\n");
    auto const tree = repository.put_tree({{"100644", "a.toml", blob}});
    struct Row {
        char const* sentence;
        std::vector<RawEntry> entries;
        char const* place;
    };
    Row const rows[] = {
        {"a link", {{"120000", "global.toml", blob}}, "global.toml is a symbolic link"},
        {"a link that is no policy file", {{"120000", "README", blob}}, "README is a symbolic"},
        {"a link that can be run", {{"120777", "global.toml", blob}}, "global.toml is a symbolic"},
        {"a submodule", {{"160000", "environment", std::string(40, '1')}}, "environment is a sub"},
        {"a device", {{"20000", "global.toml", blob}}, "global.toml is neither"},
        {"no mode", {{"0", "global.toml", blob}}, "global.toml is neither"},
        {"one name twice",
         {{"100644", "a.toml", blob}, {"100644", "a.toml", blob}},
         "a.toml is there twice"},
        {"one path twice", {{"40000", "x", tree}, {"40000", "x", tree}}, "x/a.toml is there twice"},
        {"a path for a name", {{"100644", "x/a.toml", blob}}, "x/a.toml is no name"},
        {"the folder above", {{"40000", "..", tree}}, ".. is no name"},
        {"the folder itself", {{"40000", ".", tree}}, ". is no name"},
    };
    for (auto const& row : rows) {
        auto const error = refused(repository, repository.commit_of(row.entries));
        EXPECT_EQ(error.kind(), ErrorKind::policy) << row.sentence;
        EXPECT_NE(error.text().find(row.place), std::string::npos) << error.text();
    }
    auto const fine = repository.commit_of(
        {{"100755", "run.toml", blob}, {"100664", "group.toml", blob}, {"40000", "x", tree}});
    EXPECT_EQ(policy_of_commit(repository.root(), fine, "policy").value().size(), 3U);
}

TEST(PolicyOfCommit, GoesThroughNoLinkToTheFolder) {
    GitRepository const repository;
    repository.put("elsewhere/policy/global.toml", "x");
    fs::create_symlink("elsewhere", repository.root() / "linked");
    auto const commit = repository.commit();
    auto const linked = policy_of_commit(repository.root(), commit, "linked/policy");
    EXPECT_EQ(linked.error().kind(), ErrorKind::policy);
    auto const submodule = repository.put_tree({{"160000", "policy", std::string(40, '1')}});
    auto const module_commit = repository.git("commit-tree -m change " + submodule);
    EXPECT_EQ(refused(repository, module_commit).kind(), ErrorKind::policy);
}

TEST(PolicyOfCommit, HasBounds) {
    GitRepository const repository;
    auto const most = repository.put_blob(std::string(limits::policy_file_bytes, '#'));
    auto const more = repository.put_blob(std::string(limits::policy_file_bytes + 1, '#'));
    auto const files = [&](std::size_t count, std::string const& end, std::string const& id) {
        std::vector<RawEntry> entries;
        for (std::size_t i = 0; i < count; ++i)
            entries.push_back({"100644", cat(100'000 + i, end), id});
        return entries;
    };
    auto const read = [&](std::vector<RawEntry> const& entries) {
        return policy_of_commit(repository.root(), repository.commit_of(entries), "policy");
    };
    EXPECT_TRUE(read(files(64, ".toml", most)).has_value());
    EXPECT_EQ(read(files(65, ".toml", most)).error().kind(), ErrorKind::limit);
    EXPECT_EQ(read(files(1, ".toml", more)).error().kind(), ErrorKind::limit);
    EXPECT_TRUE(read(files(1, ".md", more)).has_value()) << "not read";
    EXPECT_TRUE(read(files(policy_limits::files, ".md", most)).has_value());
    EXPECT_EQ(read(files(policy_limits::files + 1, ".md", most)).error().kind(), ErrorKind::limit);
    std::vector<RawEntry> bomb = files(20, ".toml", most);
    std::vector<RawEntry> chain = files(1, ".toml", most);
    for (std::size_t level = 0; level < policy_limits::depth; ++level) {
        auto const below = repository.put_tree(bomb);
        bomb.clear();
        for (int i = 0; i < 20; ++i)
            bomb.push_back({"40000", cat("folder-", 10 + i), below});
        chain = {{"40000", "folder", repository.put_tree(chain)}};
    }
    EXPECT_EQ(read(bomb).error().kind(), ErrorKind::limit) << "20^9 files out of nine objects";
    EXPECT_EQ(read(chain).value().size(), 1U);
    chain = {{"40000", "folder", repository.put_tree(chain)}};
    EXPECT_EQ(read(chain).error().kind(), ErrorKind::limit);
}

// A clone whose configuration would run something for git itself.
TEST(PolicyOfCommit, RunsNothingOfTheClone) {
    GitRepository const repository;
    auto const marker = repository.beside("was-run");
    auto const script = repository.beside("script");
    repository.put(".gitattributes", "*.toml filter=evil diff=evil eol=crlf ident\n");
    repository.put("policy/global.toml", "# $Id$\nschema = 1\n");
    auto const commit = repository.commit();
    std::string const run = cat("'touch ", marker.string(), "'");
    for (auto const* const key : {"filter.evil.smudge",
                                  "filter.evil.process",
                                  "diff.evil.textconv",
                                  "core.fsmonitor",
                                  "core.sshCommand",
                                  "core.pager",
                                  "alias.cat-file",
                                  "credential.helper"})
        repository.git(cat("config ", key, " ", run));
    repository.git("config filter.evil.required true");
    repository.git(cat("config include.path '", script.string(), "'"));
    auto const files = policy_of_commit(repository.root(), commit, "policy").value();
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].bytes, "# $Id$\nschema = 1\n");
    EXPECT_FALSE(fs::exists(marker));
}

TEST(PolicyOfCommit, SaysWhichFileIsDamagedOrNotThere) {
    GitRepository const repository;
    repository.put("policy/environment/prod.toml", "good");
    auto const commit = repository.commit();
    auto const blob = repository.git("rev-parse HEAD:policy/environment/prod.toml");
    fs::remove(repository.object(blob));
    auto const missing = refused(repository, commit);
    EXPECT_EQ(missing.kind(), ErrorKind::policy);
    EXPECT_NE(missing.text().find("environment/prod.toml"), std::string::npos);
    EXPECT_FALSE(missing.remedy().empty());
    fs::copy(repository.object(repository.put_blob("evil")), repository.object(blob));
    auto const damaged = refused(repository, commit);
    EXPECT_EQ(damaged.kind(), ErrorKind::integrity);
    EXPECT_NE(damaged.text().find("environment/prod.toml"), std::string::npos);
}

TEST(PolicyOfCommit, WantsAFolderOfTheRepositoryInAClone) {
    GitRepository const repository;
    auto const commit = repository.commit();
    for (auto const* const folder : {"/policy", "policy/", "a//b", "..", "a/../b", "./policy", "/"})
        EXPECT_EQ(policy_of_commit(repository.root(), commit, folder).error().kind(),
                  ErrorKind::usage)
            << folder;
    auto const outside = policy_of_commit(repository.beside("."), commit, "policy");
    EXPECT_EQ(outside.error().kind(), ErrorKind::policy);
    EXPECT_NE(outside.error().remedy().find("--policy-source"), std::string::npos);
}

TEST(FirstParentOfMerge, IsTheTargetOfATestMerge) {
    GitRepository const repository;
    auto const start = repository.commit();
    repository.git("checkout -q -b change");
    repository.put("a", "x");
    auto const change = repository.commit();
    repository.git("checkout -q main");
    repository.put("b", "x");
    auto const target = repository.commit();
    repository.git("merge -q --no-ff -m merge change");
    auto const merge = repository.git("rev-parse HEAD");
    auto const tree = repository.git("rev-parse HEAD^{tree}");
    auto const octopus = repository.git(
        cat("commit-tree -m m -p ", target, " -p ", change, " -p ", start, " ", tree));
    auto const of = [&](std::string const& commit) {
        return first_parent_of_merge(repository.root(), commit).value();
    };
    EXPECT_EQ(of(merge), target);
    EXPECT_EQ(of(target), std::nullopt);
    EXPECT_EQ(of(start), std::nullopt);
    EXPECT_EQ(of(octopus), std::nullopt);
    EXPECT_EQ(of(std::string(40, '1')), std::nullopt);
    EXPECT_EQ(first_parent_of_merge(repository.root(), "HEAD").error().kind(), ErrorKind::usage);
    auto const shallow = repository.beside("shallow");
    repository.git(cat(
        "clone -q --depth=1 'file://", repository.root().string(), "' '", shallow.string(), "'"));
    EXPECT_EQ(first_parent_of_merge(shallow, merge).value(), target) << "its parents need not be";
}

} // namespace
} // namespace clairgate::gate
