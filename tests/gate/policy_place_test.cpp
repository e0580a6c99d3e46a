#include <clairgate/gate/policy_place.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <gate/git_repository.hpp>

namespace clairgate::gate {
namespace {

namespace fs = std::filesystem;

std::string folder_of(fs::path const& place) {
    auto const found = policy_place(place);
    return found ? found->folder : "none";
}

// The working directory while it lives.
class WorkingIn {
  public:
    explicit WorkingIn(fs::path const& folder) : before_(fs::current_path()) {
        fs::current_path(folder);
    }
    ~WorkingIn() { fs::current_path(before_); }
    WorkingIn(WorkingIn const&) = delete;
    WorkingIn& operator=(WorkingIn const&) = delete;

  private:
    fs::path before_;
};

TEST(PolicyPlace, IsNamedFromTheRootOfTheClone) {
    test::GitRepository repository;
    repository.put(".clairgate/policy/global.toml", "schema = 1\n");
    EXPECT_EQ(folder_of(repository.root() / ".clairgate/policy"), ".clairgate/policy");
    EXPECT_EQ(folder_of(repository.root() / ".clairgate/policy/"), ".clairgate/policy");
    EXPECT_EQ(folder_of(repository.root() / "src/../.clairgate/policy"), ".clairgate/policy");
    EXPECT_EQ(folder_of(repository.root()), "");
    EXPECT_EQ(folder_of(repository.beside("elsewhere")), "none");
    WorkingIn const here(repository.root());
    EXPECT_EQ(folder_of(".clairgate/policy"), ".clairgate/policy");
    EXPECT_EQ(folder_of("."), "");
}

TEST(PolicyPlace, IsWhatItsNameSaysWhateverTheTreeWasMadeInto) {
    test::GitRepository repository;
    repository.put("docs/lax/global.toml", "schema = 1\n");
    EXPECT_EQ(folder_of(repository.root() / ".clairgate/policy"), ".clairgate/policy") << "removed";
    fs::create_directory(repository.root() / ".clairgate");
    fs::create_directory_symlink("../docs/lax", repository.root() / ".clairgate/policy");
    EXPECT_EQ(folder_of(repository.root() / ".clairgate/policy"), ".clairgate/policy") << "a link";
}

TEST(PolicyPlace, IsInTheCloneThatWeWorkInNotInOneThatAChangePutThere) {
    test::GitRepository repository;
    repository.put(".clairgate/.git", "gitdir: elsewhere\n");
    repository.put(".clairgate/policy/global.toml", "schema = 1\n");
    WorkingIn const here(repository.root());
    EXPECT_EQ(folder_of(".clairgate/policy"), ".clairgate/policy");
}

} // namespace
} // namespace clairgate::gate
