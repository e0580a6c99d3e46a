#include <clairgate/gate/git_clone.hpp>

#include <gtest/gtest.h>

#include <fstream>
#include <gate/git_repository.hpp>

#include <unistd.h>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;
using test::GitRepository;
using Kind = GitClone::Entry::Kind;
using Search = GitClone::Search;

std::string const no_id(40, '1');

TEST(CommitId, IsFullAndLowerCase) {
    EXPECT_TRUE(is_commit_id(std::string(40, 'a')));
    EXPECT_TRUE(is_commit_id(std::string(64, '0')));
    for (std::string const& text : {std::string(),
                                    std::string(39, 'a'),
                                    std::string(41, 'a'),
                                    std::string(63, 'a'),
                                    std::string(65, 'a'),
                                    std::string(40, 'A'),
                                    std::string(40, 'g'),
                                    std::string(39, 'a') + " ",
                                    std::string(39, 'a') + "\n",
                                    std::string("HEAD"),
                                    std::string("refs/heads/main")})
        EXPECT_FALSE(is_commit_id(text)) << text;
}

TEST(GitClone, IsFoundUpwardsOnlyWhenAskedTo) {
    GitRepository const repository;
    auto const below = repository.root() / "a" / "b";
    fs::create_directories(below);
    EXPECT_TRUE(GitClone::open(below, Search::upwards).has_value());
    EXPECT_TRUE(GitClone::open(repository.root(), Search::here).has_value());
    auto const here = GitClone::open(below, Search::here);
    ASSERT_FALSE(here.has_value());
    EXPECT_EQ(here.error().kind(), ErrorKind::policy);
    EXPECT_FALSE(here.error().remedy().empty());
    EXPECT_FALSE(GitClone::open(repository.beside("none"), Search::upwards).has_value());
}

TEST(GitClone, GivesTheHeadThatIsCheckedOut) {
    GitRepository const repository;
    auto const head = [&] {
        return GitClone::open(repository.root(), Search::here).value().head();
    };
    EXPECT_EQ(head(), std::nullopt);
    auto const first = repository.commit();
    auto const second = repository.commit();
    EXPECT_EQ(head(), second);
    repository.git("checkout -q --detach " + first);
    EXPECT_EQ(head(), first);
}

TEST(GitClone, ReadsCommitsTreesAndFiles) {
    GitRepository const repository;
    repository.put("a.toml", std::string_view("x\0y", 3));
    auto const first = repository.commit();
    fs::create_symlink("a.toml", repository.root() / "link");
    repository.put("folder/b", "");
    auto const second = repository.commit();
    auto const clone = GitClone::open(repository.root(), Search::here).value();
    auto const commit = clone.commit(second).value();
    ASSERT_TRUE(commit.has_value());
    EXPECT_EQ(commit->parents, std::vector<std::string>{first});
    auto const entries = clone.tree(commit->tree).value();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].name, "a.toml");
    EXPECT_EQ(entries[0].kind, Kind::file);
    EXPECT_EQ(clone.file(entries[0].id, 3).value(), std::string("x\0y", 3));
    EXPECT_EQ(entries[1].kind, Kind::folder);
    EXPECT_EQ(entries[2].kind, Kind::link);
}

TEST(GitClone, TellsWhatIsMissingFromWhatIsAnotherThing) {
    GitRepository const repository;
    repository.put("a", "x");
    auto const commit = repository.commit();
    auto const clone = GitClone::open(repository.root(), Search::here).value();
    EXPECT_EQ(clone.commit(no_id).value().has_value(), false);
    EXPECT_EQ(clone.commit(std::string(64, '1')).value().has_value(), false);
    EXPECT_EQ(clone.tree(no_id).error().kind(), ErrorKind::policy);
    EXPECT_EQ(clone.file(no_id, 9).error().kind(), ErrorKind::policy);
    EXPECT_EQ(clone.file("", 9).error().kind(), ErrorKind::policy);
    auto const tree = clone.commit(commit).value()->tree;
    EXPECT_EQ(clone.commit(tree).error().kind(), ErrorKind::policy);
    EXPECT_EQ(clone.tree(commit).error().kind(), ErrorKind::policy);
    EXPECT_EQ(clone.file(tree, 9).error().kind(), ErrorKind::policy);
    repository.git("tag -a -m release v1");
    EXPECT_EQ(clone.commit(repository.git("rev-parse v1")).error().kind(), ErrorKind::policy)
        << "a tag object is no commit";
}

TEST(GitClone, AsksTheSizeFirst) {
    GitRepository const repository;
    auto const id = repository.put_blob(std::string(1000, 'x'));
    auto const clone = GitClone::open(repository.root(), Search::here).value();
    EXPECT_EQ(clone.file(id, 1000).value().size(), 1000U);
    EXPECT_EQ(clone.file(id, 999).error().kind(), ErrorKind::limit);
    std::vector<GitRepository::RawEntry> entries;
    for (int i = 0; i < 21; ++i) // about 4.2 MB with the names
        entries.push_back({"100644", std::string(200'000, static_cast<char>('a' + i)), id});
    auto const huge = repository.put_tree(entries);
    EXPECT_EQ(clone.tree(huge).error().kind(), ErrorKind::limit);
    auto const commit = repository.put_tree({{"100644", "a", id}});
    auto const words = repository.git("commit-tree " + commit, std::string(1'100'000, 'x'));
    EXPECT_EQ(clone.commit(words).error().kind(), ErrorKind::limit);
}

TEST(GitClone, ProvesEveryObjectByItsHash) {
    GitRepository const repository;
    auto const good = repository.put_blob("good");
    auto const other = repository.put_blob("evil");
    fs::remove(repository.object(good));
    fs::copy(repository.object(other), repository.object(good));
    {
        auto const clone = GitClone::open(repository.root(), Search::here).value();
        EXPECT_EQ(clone.file(other, 9).value(), "evil");
        EXPECT_EQ(clone.file(good, 9).error().kind(), ErrorKind::integrity);
    }
    fs::remove(repository.object(good));
    std::ofstream(repository.object(good)) << "not an object";
    auto const clone = GitClone::open(repository.root(), Search::here).value();
    EXPECT_EQ(clone.file(good, 9).error().kind(), ErrorKind::integrity);
}

TEST(GitClone, TakesCloneOfAnyOwnerAndShape) {
    GitRepository const repository;
    auto const commit = repository.commit();
    auto const knows = [&](fs::path const& place) {
        auto const clone = GitClone::open(place, Search::here);
        return clone.has_value() && clone->commit(commit).value().has_value();
    };
    EXPECT_TRUE(knows(repository.root()));
    auto const bare = repository.beside("bare");
    repository.git("clone -q --bare . '" + bare.string() + "'");
    EXPECT_TRUE(knows(bare));
    auto const linked = repository.beside("linked");
    repository.git("worktree add -q --detach '" + linked.string() + "'");
    EXPECT_TRUE(knows(linked));
    repository.git("gc -q");
    EXPECT_TRUE(knows(repository.root())) << "packed";
    repository.git("config core.repositoryformatversion 1");
    repository.git("config extensions.partialClone origin");
    repository.git("config extensions.worktreeConfig true");
    EXPECT_TRUE(knows(repository.root())) << "partial and sparse";
    if (::geteuid() == 0) { // what git itself refuses; nobody else can give files away
        EXPECT_EQ(::chown(repository.root().c_str(), 12345, 12345), 0);
        EXPECT_EQ(::chown((repository.root() / ".git").c_str(), 12345, 12345), 0);
    }
    EXPECT_TRUE(knows(repository.root())) << "somebody else's";
}

TEST(GitClone, SaysWhenItsIdsAreOfAnotherKind) {
    GitRepository const repository;
    auto const other = repository.beside("sha256");
    repository.git("init -q --object-format=sha256 '" + other.string() + "'");
    auto const clone = GitClone::open(other, Search::here);
    ASSERT_FALSE(clone.has_value());
    EXPECT_EQ(clone.error().kind(), ErrorKind::policy);
}

} // namespace
} // namespace clairgate::gate
