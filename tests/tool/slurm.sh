# shellcheck shell=sh
# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

# A Slurm of one node with two processors, which is this machine, without systemd; all of it in $tmp/slurm.
# Jobs find `hearken` on their path. Sourced with $tmp, a new directory, and $tool, the built tool, set.
# shellcheck disable=SC2154

PATH=$PATH:/usr/sbin

# Says what is missing, if something is.
find_slurm ()
{
  for program in munged slurmctld slurmd sbatch scontrol squeue; do
    command -v "$program" >/dev/null || { echo "$program is not installed"; return 1; }
  done
  [ "$(id -u)" -eq 0 ] || { echo 'only root can start slurmd'; return 1; }
}

configure_slurm ()
{
  mkdir -m 700 "$slurm" "$slurm/munge" "$slurm/state" "$slurm/spool"
  (umask 277 && head -c 1024 /dev/urandom >"$slurm/munge/key")
  port=$((20000 + $$ % 20000))
  host=$(hostname -s)
  cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$slurm/munge/socket
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=1024 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES
END
}

start_slurmd ()
{
  slurmd -f "$SLURM_CONF"
}

start_slurm ()
{
  slurm=$tmp/slurm
  SLURM_CONF=$slurm/slurm.conf
  export SLURM_CONF
  configure_slurm
  mkdir "$slurm/bin"
  ln -s "$tool" "$slurm/bin/hearken"
  PATH=$slurm/bin:$PATH
  trap 'stop_slurm; rm -rf "$tmp"' EXIT
  munged --force --key-file="$slurm/munge/key" --socket="$slurm/munge/socket" \
    --pid-file="$slurm/munge/pid" --log-file="$slurm/munge/log" --seed-file="$slurm/munge/seed"
  slurmctld -f "$SLURM_CONF"
  start_slurmd
}

# Stops a daemon and waits until it is gone.
stop_daemon () # PID_FILE
{
  pid=$(cat "$1" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || return 0
  while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
}

stop_slurm ()
{
  scancel --quiet --signal=KILL --full --user=root 2>/dev/null || true
  for file in slurmd.pid slurmctld.pid munge/pid; do stop_daemon "$slurm/$file"; done
}

# Waits until the job is in none of these states.
await_end () # JOB STATES
{
  while squeue --noheader --array --jobs="$1" --states="$2" --format=%T 2>/dev/null | grep -q .; do sleep 0.1; done
}
